//! The description in English: each French text of it with its translation, and the
//! walk that exchanges them.

use serde_json::Value;

/// The texts, in the order of the areas.
const ENGLISH: &[(&str, &str)] = &[
    ("Lecture de documents d'identité marocains", "Reading of Moroccan identity documents"),
    ("comptes", "accounts"),
    ("documents", "documents"),
    ("graphiques", "charts"),
    ("organisation", "organisation"),
    ("recherche", "search"),
    ("service", "service"),
    ("Créer un compte, se connecter, le rester", "Make an account, log in, stay logged in"),
    ("Membres, invitations, clés, journal", "Members, invitations, keys, audit"),
    ("Lire, regarder, effacer", "Read, look at, erase"),
    ("Retrouver, relire, corriger, approuver", "Find, review, correct, approve"),
    ("Les nombres de l'organisation", "The organisation's numbers"),
    ("L'état du service et cette description", "The state of the service and this description"),
    (
        "Un jeton de `POST /auth/login`, ou une clé de l'organisation",
        "A token of `POST /auth/login`, or a key of the organisation",
    ),
    // Accounts.
    ("Révoque le jeton et termine sa session", "Revokes the token and ends its session"),
    ("Le profil et ses statistiques", "The profile and its statistics"),
    (
        "Modifie le profil ; un champ absent reste, un champ nul est vidé",
        "Changes the profile; a member that is absent stays, one that is null is emptied",
    ),
    (
        "Crée un compte, dans sa propre organisation ou sur invitation",
        "Makes an account, in an organisation of its own or by invitation",
    ),
    ("Donne un jeton", "Gives a token"),
    (
        "Échange un jeton d'identité d'un fournisseur externe ; avec un jeton, le relie",
        "Exchanges an ID token of an external provider; with a token, links it",
    ),
    ("Les clés publiques des jetons (RFC 7517)", "The public keys of the tokens (RFC 7517)"),
    (
        "Les jetons suivants d'une session ; chacun ne sert qu'une fois",
        "The next tokens of a session; each is used once",
    ),
    (
        "Change le mot de passe et termine toutes les sessions du compte",
        "Changes the password and ends all sessions of the account",
    ),
    ("Quand `refresh` était vrai", "When `refresh` was true"),
    (
        "La longueur minimale est un réglage du service (PASSWORD_MIN_LENGTH)",
        "The minimum length is a setting of the service (PASSWORD_MIN_LENGTH)",
    ),
    ("Demande aussi un jeton de renouvellement", "Asks for a refresh token too"),
    ("En secondes", "In seconds"),
    // Charts.
    ("Nombre de documents par type", "Number of documents by kind"),
    ("Cartes d'identité par sexe", "Identity cards by sex"),
    ("Cartes d'identité par ville", "Identity cards by town"),
    ("Permis par catégorie", "Licences by category"),
    ("Cartes grises par usage", "Registrations by use"),
    ("Les sept derniers mois", "The last seven months"),
    ("Les sept derniers jours", "The last seven days"),
    ("Tous les graphiques", "All charts"),
    ("L'essentiel", "The essentials"),
    ("Par mois `AAAA-MM`, dans l'ordre", "By month `YYYY-MM`, in order"),
    ("Premières mises en circulation par mois", "First circulations by month"),
    (
        "Une image, dans la langue que demande `Accept-Language` : à qui préfère `image/svg+xml` dans `Accept`",
        "A picture, in the language that `Accept-Language` asks for: to whoever prefers `image/svg+xml` in `Accept`",
    ),
    // Collections.
    (
        "Cherche par nom, dans l'une ou l'autre écriture, ou par numéro",
        "Searches by name, in either script, or by number",
    ),
    ("Des mots d'un nom, ou un numéro", "Words of a name, or a number"),
    ("D'un seul type", "Of one kind"),
    ("Au plus, ramené entre 1 et 200", "At most, brought between 1 and 200"),
    ("Ce qui expire bientôt, le plus proche d'abord", "What expires soon, the nearest first"),
    ("Nombre de jours, tel que `30d`", "Number of days, such as `30d`"),
    (
        "Ce qu'une personne devrait regarder, le plus urgent d'abord",
        "What a person should look at, the most urgent first",
    ),
    (
        "Les documents d'une même personne, avec ce qui le prouve",
        "The documents of one person, with what proves it",
    ),
    ("3650 au plus", "3650 at most"),
    (
        "Par page, ramené entre 1 et 200 ; 50 par défaut",
        "A page, brought between 1 and 200; 50 by default",
    ),
    ("Où commence la page, tel que `next` le donne", "Where the page begins, as `next` gives it"),
    ("L'ETag de l'état que l'on a vu", "The ETag of the state that was seen"),
    ("Les documents, page par page", "The documents, page by page"),
    ("Corrige des valeurs (JSON Merge Patch)", "Corrects values (JSON Merge Patch)"),
    (
        "Approuve : le document dit ce que dit la carte",
        "Approves: the record says what the card says",
    ),
    ("Rejette : il ne faut pas s'y fier", "Rejects: it must not be relied on"),
    ("Les documents, dans un fichier", "The documents, in a file"),
    ("CSV par défaut", "CSV by default"),
    ("Les états antérieurs, le plus ancien d'abord", "The earlier states, the earliest first"),
    (
        "L'ordre ; `-` pour l'inverse ; `-id` par défaut",
        "The order; `-` for the reverse; `-id` by default",
    ),
    ("Si vrai, compte aussi tous les documents", "If true, counts all the records too"),
    (
        "Un jour de Casablanca ou un instant (RFC 3339)",
        "A day of Casablanca or a moment (RFC 3339)",
    ),
    ("Le début du numéro", "How the number begins"),
    (
        "Des mots des noms, ou leur début, dans l'une ou l'autre écriture",
        "Words of the names, or how they begin, in either script",
    ),
    (
        "Des mots du lieu de naissance ou de l'adresse",
        "Words of the place of birth or of the address",
    ),
    ("Né au plus tôt", "Born at the earliest"),
    ("Né au plus tard", "Born at the latest"),
    ("Expire au plus tôt", "Expires at the earliest"),
    ("Expire au plus tard", "Expires at the latest"),
    ("Expiré, ou non", "Expired, or not"),
    ("L'état", "The state"),
    ("La confiance au moins", "The confidence at least"),
    ("La confiance au plus", "The confidence at most"),
    ("L'utilisateur qui l'a enregistré, ou `me`", "The user who recorded it, or `me`"),
    ("L'adresse de la page suivante, ou nul", "The address of the next page, or null"),
    // Any operation.
    (
        "Les `ETag` des réponses que le client a déjà, ou `*`",
        "The `ETag`s of the answers that the client has already, or `*`",
    ),
    ("Le client a déjà cette réponse", "The client has this answer already"),
    ("Succès", "Success"),
    ("Non prêt", "Not ready"),
    // The organisation.
    ("L'organisation", "The organisation"),
    ("Change son nom ou la durée de conservation", "Changes its name or how long records are kept"),
    ("Les membres", "The members"),
    ("Change le rôle d'un membre", "Changes a member's role"),
    (
        "Retire un membre avec son compte ; ses documents restent",
        "Removes a member and the account; the records stay",
    ),
    ("Quand l'adresse du client web est réglée", "When the address of the web client is set"),
    ("Les invitations ouvertes", "The open invitations"),
    (
        "Invite une adresse ; le jeton n'est montré qu'ici",
        "Invites an address; the token is shown here alone",
    ),
    ("Retire une invitation", "Withdraws an invitation"),
    ("90 quand rien n'est dit", "90 when nothing is said"),
    ("Les clés des serveurs", "The keys of servers"),
    ("Crée une clé ; elle n'est montrée qu'ici", "Makes a key; it is shown here alone"),
    ("Révoque une clé", "Revokes a key"),
    ("`before` de la page suivante", "`before` of the next page"),
    (
        "Nombre d'entrées ; 100 quand rien n'est dit, ramené entre 1 et 1000",
        "Number of entries; 100 when nothing is said, brought between 1 and 1000",
    ),
    ("Le journal, le plus récent d'abord", "The audit, the latest first"),
    ("Les entrées avant ce rang", "The entries before this rank"),
    (
        "Le numéro de la carte nationale ; dans le corps, pas dans l'adresse",
        "The number of the identity card; in the body, not in the address",
    ),
    (
        "Tout ce qui est conservé d'une personne (loi 09-08, article 7)",
        "All that is kept of one person (law 09-08, article 7)",
    ),
    ("JPEG en Base64, par face", "JPEG in Base64, by side"),
    ("Jours de conservation ; nul : sans fin", "Days that records are kept; null: without end"),
    // Refusals and headers.
    ("Secondes après lesquelles réessayer", "Seconds after which to try again"),
    (
        "Les quotas : nom, nombre de requêtes `q`, fenêtre `w` en secondes ; absent où rien n'est limité",
        "The quotas: name, number of requests `q`, window `w` in seconds; absent where nothing is limited",
    ),
    (
        "Ce qu'il reste de chaque quota : `r` requêtes, renouvelé dans `t` secondes",
        "What is left of each quota: `r` requests, renewed in `t` seconds",
    ),
    (
        "L'identifiant sous lequel la requête est consignée",
        "The identifier under which the request is logged",
    ),
    ("Ce qui est demandé (RFC 6750)", "What is asked for (RFC 6750)"),
    ("La langue des textes", "The language of the texts"),
    (
        "L'état, tel que If-Match et If-None-Match le nomment",
        "The state, as If-Match and If-None-Match name it",
    ),
    ("La première page et la suivante (RFC 8288)", "The first page and the next (RFC 8288)"),
    (
        "Le client peut garder la réponse, et demande chaque fois si elle vaut encore",
        "The client may keep the answer, and asks each time whether it still holds",
    ),
    ("Les en-têtes dont la réponse dépend", "The headers that the answer depends on"),
    ("La durée des étapes, en millisecondes", "How long each stage took, in milliseconds"),
    ("Dit de même à chaque fois", "The same each time"),
    ("Ce qui ne va pas ici, et que faire", "What is wrong here, and what to do"),
    ("Le nom stable du problème", "The stable name of the problem"),
    ("`detail`, pour les anciens clients", "`detail`, for old clients"),
    ("Le champ en cause", "The member in question"),
    ("La partie en cause", "The part in question"),
    ("Le document reconnu", "The document that was recognised"),
    // Documents.
    (
        "Juge une photo avant l'envoi, sans la lire ni la garder",
        "Judges a photo before it is sent, without reading or keeping it",
    ),
    (
        "Une face, 200 Kio suffisent : JPEG, PNG, BMP, TIFF ou WebP.",
        "One side, 200 KiB are enough: JPEG, PNG, BMP, TIFF or WebP.",
    ),
    ("Les documents de l'organisation, à plat", "The organisation's records, flat"),
    ("Un document, avec la lecture de la machine", "A record, with what the machine read"),
    (
        "Efface un document, ses états antérieurs et ses images",
        "Erases a record, its earlier states and its pictures",
    ),
    ("Une image conservée", "A picture that is kept"),
    (
        "Lit un document photographié et l'enregistre",
        "Reads a photographed document and records it",
    ),
    (
        "Une clé par envoi : répété, il donne la même réponse",
        "A key for each upload: repeated, it gets the same answer",
    ),
    (
        "La face principale : JPEG, PNG, BMP, TIFF ou WebP, 10 Mo au plus.",
        "The main side: JPEG, PNG, BMP, TIFF or WebP, 10 MB at most.",
    ),
    (
        "L'autre face. Les deux faces peuvent être interverties.",
        "The other side. The two sides may be swapped.",
    ),
    ("Par chemin pointé, tel que `identite.nom.fr`", "By dotted path, such as `identite.nom.fr`"),
    ("Par partie de l'envoi", "By part of the upload"),
    (
        "La réponse de `process` ; nul pour les lignes de l'ancien service",
        "The answer of `process`; null for the rows of the service before",
    ),
    ("`recto`, `verso` ou `mrz`", "`recto`, `verso` or `mrz`"),
    ("`recto` ou `verso`", "`recto` or `verso`"),
    ("`left` ou `right`", "`left` or `right`"),
    // The service.
    ("Prêt, dépendance par dépendance", "Ready, dependency by dependency"),
    (
        "Mesures Prometheus, pour l'exploitant ou son collecteur",
        "Prometheus metrics, for the operator or the scraper",
    ),
    ("Connexions ouvertes, pour l'exploitant", "Open connections, for the operator"),
    ("Cette description", "This description"),
    ("Page interactive", "Interactive page"),
    ("Vivant", "Alive"),
];

/// Exchanges the texts of a description; what has no translation stays as it is.
pub(super) fn translate(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(translate),
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    // Data: what somebody sends or is answered.
                    ("example" | "examples" | "enum" | "properties", Value::Object(of)) => {
                        if name == "properties" {
                            of.values_mut().for_each(translate);
                        }
                    }
                    ("example" | "examples" | "enum", _) => {}
                    ("summary" | "description" | "name", Value::String(text)) => exchange(text),
                    ("tags", Value::Array(tags)) => {
                        for tag in tags {
                            match tag {
                                Value::String(tag) => exchange(tag),
                                other => translate(other),
                            }
                        }
                    }
                    (_, member) => translate(member),
                }
            }
        }
        _ => {}
    }
}

fn exchange(text: &mut String) {
    if let Some((_, english)) = ENGLISH.iter().find(|(french, _)| french == text) {
        (*english).clone_into(text);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::published_in;
    use super::*;
    use crate::api::language::Language;

    /// The texts for people in a description.
    fn texts(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Value::Object(members) => {
                for (name, member) in members {
                    match (name.as_str(), member) {
                        ("summary" | "description", Value::String(text)) => {
                            found.insert(text.clone());
                        }
                        ("example" | "examples", _) => {}
                        (_, member) => texts(member, found),
                    }
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_text_of_the_description_has_its_translation_and_no_other() {
        let mut french = BTreeSet::new();
        texts(&published_in(Language::French), &mut french);
        // Codes of problems, and sentences that are English already, have no accent nor blank.
        let untranslated: Vec<&String> = french
            .iter()
            .filter(|text| text.contains(' ') && !is_codes(text))
            .filter(|text| !ENGLISH.iter().any(|(known, _)| known == *text))
            .collect();
        let stale: Vec<&str> = ENGLISH
            .iter()
            .map(|(known, _)| *known)
            .filter(|known| known.contains(' ') && !french.contains(*known))
            .collect();

        assert_eq!(untranslated, Vec::<&String>::new());
        assert_eq!(stale, Vec::<&str>::new());
    }

    /// Whether it is the description of a refusal: codes with commas between.
    fn is_codes(text: &str) -> bool {
        text.split(", ").all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    }

    #[test]
    fn both_languages_describe_the_same() {
        let mut french = published_in(Language::French);
        let english = published_in(Language::English);

        translate(&mut french);

        assert_eq!(
            french["paths"]["/cin/process"]["post"]["summary"],
            "Reads a photographed document and records it"
        );
        for part in ["/info", "/tags", "/components", "/paths/~1cin~1process/post/tags"] {
            assert_eq!(french.pointer(part), english.pointer(part), "{part}");
        }
    }
}
