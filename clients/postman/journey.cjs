// What the collection does: the operations of the description in an order in which each finds
// what it needs, the bodies that they send, and what is kept of their answers for later ones.

// A step: the id of an operation, then
//   status   the answers that are right, the likeliest first; all of them are described
//   body     its JSON body; `files` the parts of a multipart body instead
//   query    parameters that are sent; all others stay in the list, switched off
//   headers  headers that are sent, likewise
//   path     variables of the path
//   keep     what is kept of the answer: the variable, and where it is found; `keepHeader` of
//            its headers
//   within   the variable that holds the milliseconds it may take
//   before   lines of a script that runs before
//   name     told apart where an operation comes twice

const account = [
  step("get_health"),
  step("get_ready"),
  step("get_openapi_json"),
  step("get_docs"),
  step("get_well_known_jwks_json"),
  step("post_auth_register", {
    status: [201],
    before: [
      // A new account each time, so that the collection can be run again.
      'const unique = `${Date.now()}-${Math.floor(Math.random() * 1e6)}`;',
      'pm.environment.set("email", `salma-${unique}@example.org`);',
      'pm.environment.set("colleagueEmail", `omar-${unique}@example.org`);',
    ],
    body: { email: "{{email}}", password: "{{password}}", full_name: "Salma Essai" },
  }),
  step("post_auth_login", {
    body: { email: "{{email}}", password: "{{password}}", refresh: true },
    keep: { token: "token", refreshToken: "refresh_token" },
  }),
  step("post_auth_refresh", {
    body: { refresh_token: "{{refreshToken}}" },
    keep: { token: "token", refreshToken: "refresh_token" },
  }),
  // Ends every session of the account; its answer begins the next one.
  step("post_auth_password", {
    body: { current_password: "{{password}}", new_password: "{{password}}" },
    keep: { token: "token" },
  }),
  // 404 where the service has no provider of identity.
  step("post_auth_oidc", { status: [404, 401], body: { id_token: "of a provider of identity" } }),
  step("post_auth_auth0_exchange", {
    status: [404, 401],
    body: { id_token: "of a provider of identity" },
  }),
  step("get_me"),
  step("put_me", { body: { job_title: "Agent de saisie", phone: null } }),
];

const organisation = [
  step("get_organisation"),
  step("patch_organisation", { body: { name: "Essais", retention_days: 365 } }),
  step("post_organisation_invitations", {
    status: [201],
    body: { email: "{{colleagueEmail}}", role: "agent" },
    keep: { invitation: "token" },
  }),
  step("get_organisation_invitations"),
  step("post_auth_register", {
    name: "POST /auth/register (invitation)",
    status: [201],
    body: {
      email: "{{colleagueEmail}}",
      password: "{{password}}",
      invitation: "{{invitation}}",
    },
  }),
  step("get_organisation_members", { keep: { memberId: "1.id" } }),
  step("patch_organisation_members_id", {
    path: { id: "{{memberId}}" },
    body: { role: "reviewer" },
  }),
  step("delete_organisation_members_id", { status: [204], path: { id: "{{memberId}}" } }),
  step("post_organisation_invitations", {
    name: "POST /organisation/invitations (retirée ensuite)",
    status: [201],
    body: { email: "{{colleagueEmail}}", role: "auditor" },
    keep: { invitationId: "id" },
  }),
  step("delete_organisation_invitations_id", { path: { id: "{{invitationId}}" } }),
  step("post_organisation_keys", {
    status: [201],
    body: { name: "archive", scopes: ["read", "process"], expires_in_days: 30 },
    keep: { keyId: "id" },
  }),
  step("get_organisation_keys"),
  step("delete_organisation_keys_id", { status: [204], path: { id: "{{keyId}}" } }),
];

// Where the answer of each kind holds the number of the document.
const numbers = {
  cin: "cin",
  permis: "permis.numero_permis",
  gris: "numero_matricule_marocain.numero",
};

const read = (kinds) => [
  step("post_quality", { files: { image: "cin/recto.png" } }),
  ...kinds.map((kind) =>
    step(`post_${kind}_process`, {
      within: "readWithinMs",
      headers: { "Idempotency-Key": "{{$guid}}" },
      files: { recto: `${kind}/recto.png`, verso: `${kind}/verso.png` },
      keep: {
        [`${kind}Id`]: "id",
        [`${kind}Number`]: numbers[kind],
        familyName: "identite.nom.fr",
      },
    }),
  ),
  ...kinds.map((kind) => step(`get_${kind}_all`)),
  ...kinds.map((kind) =>
    step(`get_${kind}`, { query: { limit: "20", sort: "-created", total: "true" } }),
  ),
  ...kinds.flatMap((kind) => {
    const path = { id: `{{${kind}Id}}` };
    return [
      step(`get_${kind}_id`, { path, keepHeader: { [`${kind}ETag`]: "ETag" } }),
      // 404 where KEEP_IMAGES is off.
      step(`get_${kind}_id_images_side`, {
        status: [200, 404],
        path: { ...path, side: "recto" },
      }),
    ];
  }),
];

const find = [
  step("get_search", { query: { q: "{{familyName}}" } }),
  step("get_expiring", { query: { within: "3650d" } }),
  step("get_reviews"),
  // 404 where PERSON_LINKS is off.
  step("get_persons_cin", { status: [200, 404], path: { cin: "{{cinNumber}}" } }),
];

const charts = (all) => all.map((id) => step(id));

const take = (kinds) => [
  ...kinds.map((kind) => step(`get_exports_${kind}`, { query: { format: "csv" } })),
  step("post_exports_person", { body: { cin: "{{cinNumber}}" } }),
];

const review = (kinds) => [
  ...kinds.flatMap((kind) => {
    const path = { id: `{{${kind}Id}}` };
    return [
      step(`patch_${kind}_id`, {
        path,
        headers: { "If-Match": `{{${kind}ETag}}` },
        body: { nom_fr: "EL FASSI" },
      }),
      step(`post_${kind}_id_reject`, { path }),
      step(`post_${kind}_id_approve`, { path }),
      step(`get_${kind}_id_history`, { path }),
    ];
  }),
];

const end = (kinds) => [
  ...kinds.map((kind) => step(`delete_${kind}_id`, { path: { id: `{{${kind}Id}}` } })),
  step("get_organisation_audit", { query: { limit: "20" } }),
  // For operators of the service alone.
  step("get_metrics", { status: [403, 200] }),
  step("get_debug_pool", { status: [403, 200] }),
  step("post_auth_logout"),
];

function step(operation, more = {}) {
  return { operation, status: [200], within: "answerWithinMs", ...more };
}

/** The chapters of the collection, for a description with these kinds and charts. */
exports.journey = (kinds, chartIds) => [
  ["Compte", account],
  ["Organisation", organisation],
  ["Lire", read(kinds)],
  ["Retrouver", find],
  ["Graphiques", charts(chartIds)],
  ["Emporter", take(kinds)],
  ["Corriger et approuver", review(kinds)],
  ["Effacer et partir", end(kinds)],
];

/** What the variables of the environment begin with. */
exports.environment = {
  baseUrl: "http://127.0.0.1:8000",
  password: "un mot de passe d essai",
  answerWithinMs: "5000",
  readWithinMs: "30000",
};
