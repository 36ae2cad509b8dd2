// Starts the interactive page in the language of the document, keeps the token of a
// log-in for the requests that follow, and puts the page's own labels into French.
"use strict";

const language = document.documentElement.lang;

// The labels of Swagger UI, which it has in English alone.
const FRENCH = {
  "Authorize": "S'authentifier",
  "Available authorizations": "Authentification",
  "Logout": "Oublier",
  "Close": "Fermer",
  "Value:": "Jeton :",
  "Try it out": "Essayer",
  "Cancel": "Annuler",
  "Reset": "Réinitialiser",
  "Execute": "Envoyer",
  "Clear": "Effacer",
  "Parameters": "Paramètres",
  "No parameters": "Aucun paramètre",
  "Name": "Nom",
  "Request body": "Corps de la requête",
  "Responses": "Réponses",
  "Server response": "Réponse du serveur",
  "Response body": "Corps de la réponse",
  "Response headers": "En-têtes de la réponse",
  "Request URL": "Adresse de la requête",
  "Request duration": "Durée de la requête",
  "Code": "Statut",
  "Details": "Détails",
  "Links": "Liens",
  "No links": "Aucun lien",
  "Media type": "Type de contenu",
  "Controls Accept header.": "Détermine l'en-tête Accept.",
  "Examples": "Exemples",
  "Example Value": "Exemple",
  "Example Description": "Description de l'exemple",
  "Schema": "Schéma",
  "Schemas": "Schémas",
  "Headers:": "En-têtes :",
  "Download": "Télécharger",
  "Send empty value": "Envoyer une valeur vide",
  "Loading...": "Chargement…",
  "Failed to fetch.": "Le serveur ne répond pas.",
  "Undocumented": "Non décrit",
  "required": "obligatoire",
};

// What holds texts of the description or of answers, never labels.
const FOREIGN = "pre, code, textarea, .markdown, .renderedMarkdown, .opblock-summary-path, .opblock-summary-description";

function translate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const french = FRENCH[node.data.trim()];
    if (french && !node.parentElement?.closest(FOREIGN)) {
      node.data = node.data.replace(node.data.trim(), french);
    }
  }
}

function start() {
  const ui = SwaggerUIBundle({
    url: `/openapi.json?lang=${language}`,
    dom_id: "#swagger-ui",
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    requestInterceptor: (request) => {
      request.headers["Accept-Language"] ??= language;
      return request;
    },
    responseInterceptor: (answer) => {
      if (answer.ok && new URL(answer.url).pathname.startsWith("/auth/") && answer.obj?.token) {
        ui.preauthorizeApiKey("bearer", answer.obj.token);
      }
      return answer;
    },
  });
  window.ui = ui;
  if (language === "fr") {
    const page = document.getElementById("swagger-ui");
    const seen = (node) => translate(node.nodeType === Node.TEXT_NODE ? node.parentNode ?? node : node);
    new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "characterData") seen(change.target);
        else change.addedNodes.forEach(seen);
      }
    }).observe(page, { childList: true, characterData: true, subtree: true });
  }
}

window.addEventListener("load", start);
