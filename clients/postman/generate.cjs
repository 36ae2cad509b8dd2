// Writes the Postman collection and its environment, from the description of the interface.
//
//   node generate.cjs openapi.json FOLDER
//
// openapi-to-postmanv2 makes a request of each operation. What it makes up (values, examples,
// ids) is dropped, so that the same description gives the same files; the order, the bodies and
// what is kept for later requests come from journey.cjs, and the tests from the description.

const fs = require("node:fs");
const path = require("node:path");
const converter = require("openapi-to-postmanv2");
const { journey, environment } = require("./journey.cjs");

const SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const SETTINGS = {
  folderStrategy: "Tags",
  parametersResolution: "Schema",
  includeAuthInfoInExample: false,
};

main(...process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});

async function main(source, folder) {
  const description = JSON.parse(fs.readFileSync(source, "utf8"));
  const operations = operationsOf(description);
  const requests = await requestsOf(description, operations);
  const kinds = Object.keys(description.paths)
    .map((route) => /^\/(\w+)\/process$/.exec(route)?.[1])
    .filter(Boolean);
  const charts = [...operations.values()].filter(isChart).map(({ operationId }) => operationId);

  const used = new Set();
  const item = journey(kinds, charts).map(([name, steps]) => ({
    name,
    item: steps.map((step) => {
      const operation = operations.get(step.operation);
      if (!operation) throw new Error(`the description has no ${step.operation}`);
      used.add(step.operation);
      return itemOf(step, operation, structuredClone(requests.get(step.operation)));
    }),
  }));
  const missing = [...operations.keys()].filter((id) => !used.has(id));
  if (missing.length) throw new Error(`journey.cjs has no step for ${missing.join(", ")}`);

  const collection = {
    info: {
      name: "Wathiqa",
      description: `${description.info.description}\n\nGenerated from the description of the interface; see docs/CLIENTS.md.`,
      version: description.info.version,
      schema: SCHEMA,
    },
    auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}", type: "string" }] },
    item,
    variable: [{ key: "components", value: JSON.stringify(onlySchemas(description)) }],
  };
  write(folder, "wathiqa.postman_collection.json", collection);
  write(folder, "wathiqa.postman_environment.json", environmentOf(collection));
}

/** Operations by id, each with its path and method. */
function operationsOf(description) {
  const all = Object.entries(description.paths).flatMap(([route, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, route, method })),
  );
  return new Map(all.map((operation) => [operation.operationId, operation]));
}

function isChart(operation) {
  return "image/svg+xml" in (operation.responses["200"]?.content ?? {});
}

/** The converter's requests, by the id of their operation. */
async function requestsOf(description, operations) {
  // It resolves references in what it is given.
  const data = structuredClone(description);
  const converted = await new Promise((resolve, reject) => {
    converter.convertV2({ type: "json", data }, SETTINGS, (error, outcome) => {
      if (error) reject(error);
      else if (!outcome.result) reject(new Error(outcome.reason));
      else resolve(outcome.output[0].data);
    });
  });
  const leaves = (items) => items.flatMap((item) => (item.item ? leaves(item.item) : [item]));
  const key = (method, route) => `${method.toUpperCase()} ${route}`;
  const byRoute = new Map(
    leaves(converted.item).map(({ request }) => {
      const route = request.url.path.map((part) => part.replace(/^:(.*)$/, "{$1}")).join("/");
      return [key(request.method, `/${route}`), request];
    }),
  );
  return new Map(
    [...operations.values()].map(({ operationId, method, route }) => {
      const request = byRoute.get(key(method, route));
      if (!request) throw new Error(`the converter made no request of ${operationId}`);
      return [operationId, request];
    }),
  );
}

/** A request of the collection. */
function itemOf(step, operation, request) {
  const { route, method } = operation;
  const scripts = [["test", testsOf(step, operation)]];
  if (step.before) scripts.unshift(["prerequest", step.before]);
  return {
    name: step.name ?? `${method.toUpperCase()} ${route}`,
    event: scripts.map(([listen, exec]) => ({ listen, script: { type: "text/javascript", exec } })),
    request: {
      ...(operation.security ? {} : { auth: { type: "noauth" } }),
      method: request.method,
      header: chosen(request.header, step.headers, "header", operation),
      ...bodyOf(step, operation),
      url: urlOf(step, operation, request.url),
      description: operation.summary,
    },
    response: [],
  };
}

/** Parameters with the values of the step; the others without one, switched off. */
function chosen(parameters, values = {}, place, { operationId, parameters: described = [] }) {
  const known = described.filter((parameter) => parameter.in === place);
  for (const name of Object.keys(values)) {
    if (!known.some((parameter) => parameter.name === name))
      throw new Error(`${operationId} takes no ${place} ${name}`);
  }
  const rows = known.map(({ name, description }) => {
    const converted = parameters.find(({ key }) => key === name);
    const about = text(converted?.description) ?? description;
    const row = { key: name, value: values[name] ?? "", ...(about && { description: about }) };
    return name in values ? row : { ...row, disabled: true };
  });
  // What the converter adds from the content types; a form's own has a boundary to tell.
  const implied = parameters.filter(
    ({ key, value }) => key === "Accept" || (key === "Content-Type" && !/multipart/.test(value)),
  );
  return place === "header"
    ? [...implied.map(({ key, value }) => ({ key, value })), ...rows]
    : rows;
}

function text(description) {
  return typeof description === "string" ? description : description?.content;
}

function urlOf(step, operation, url) {
  const segments = url.path;
  const variable = (url.variable ?? []).map(({ key }) => {
    if (!(key in (step.path ?? {}))) throw new Error(`${operation.operationId} needs ${key}`);
    return { key, value: step.path[key] };
  });
  const query = chosen(url.query ?? [], step.query, "query", operation);
  const sent = query.filter(({ disabled }) => !disabled);
  const asked = sent.map(({ key, value }) => `${key}=${value}`).join("&");
  return {
    raw: `{{baseUrl}}/${segments.join("/")}${asked && `?${asked}`}`,
    host: ["{{baseUrl}}"],
    path: segments,
    ...(query.length && { query }),
    ...(variable.length && { variable }),
  };
}

function bodyOf(step, { operationId, requestBody }) {
  const types = Object.keys(requestBody?.content ?? {});
  if (types.includes("multipart/form-data")) {
    if (!step.files) throw new Error(`${operationId} needs files`);
    const parts = Object.entries(step.files);
    return {
      body: { mode: "formdata", formdata: parts.map(([key, src]) => ({ key, type: "file", src })) },
    };
  }
  if (types.includes("application/json")) {
    if (!step.body) throw new Error(`${operationId} needs a body`);
    const raw = JSON.stringify(step.body, null, 2);
    return { body: { mode: "raw", raw, options: { raw: { language: "json" } } } };
  }
  return {};
}

/** Tests of the status, the time, the content type and the shape; then what is kept. */
function testsOf(step, operation) {
  const { operationId, responses } = operation;
  const answers = {};
  for (const status of step.status) {
    const answer = responses[status];
    if (!answer) throw new Error(`${operationId} is not described to answer ${status}`);
    answers[status] = Object.fromEntries(
      Object.entries(answer.content ?? {}).map(([type, { schema }]) => [
        type,
        type.endsWith("json") ? withoutExamples(schema) : null,
      ]),
    );
  }
  const lines = [
    `const answers = ${JSON.stringify(answers)};`,
    "const described = answers[pm.response.code] ?? {};",
    'const type = (pm.response.headers.get("Content-Type") ?? "").split(";")[0];',
    "",
    `pm.test("answers ${step.status.join(" or ")}", () => {`,
    `  pm.expect(pm.response.code).to.be.oneOf([${step.status.join(", ")}]);`,
    "});",
    'pm.test("answers in time", () => {',
    `  const within = Number(pm.environment.get("${step.within}"));`,
    "  pm.expect(pm.response.responseTime).to.be.below(within);",
    "});",
    'pm.test("answers in the described form", () => {',
    "  const types = Object.keys(described);",
    '  pm.expect(types.length ? types : [""]).to.include(type);',
    "  if (!described[type]) return;",
    '  const components = { schemas: JSON.parse(pm.collectionVariables.get("components")) };',
    '  pm.response.to.have.jsonSchema({ ...described[type], components }, { unknownFormats: "ignore" });',
    "});",
  ];
  const body = Object.entries(step.keep ?? {});
  if (body.length) {
    lines.push("const body = pm.response.json();");
    lines.push(
      ...body.map(
        ([name, place]) => `pm.environment.set("${name}", body${place.split(".").map(member).join("")});`,
      ),
    );
  }
  for (const [name, header] of Object.entries(step.keepHeader ?? {}))
    lines.push(`pm.environment.set("${name}", pm.response.headers.get("${header}"));`);
  return lines;
}

function member(name) {
  return /^\d+$/.test(name) ? `[${name}]` : `.${name}`;
}

/** The schemas of the components, for the references in the tests. */
function onlySchemas(description) {
  return withoutExamples(description.components.schemas);
}

/** A schema as a validator of draft 7 takes it: OpenAPI's formats of numbers mean nothing to it. */
function withoutExamples(value) {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    ([name, inner]) =>
      !(name === "examples" && Array.isArray(inner)) &&
      !(name === "description" && typeof inner === "string") &&
      !(name === "format" && inner === "binary"),
  );
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutExamples(inner)]));
}

/** All variables that the collection names, so that they are seen and can be changed. */
function environmentOf(collection) {
  const text = JSON.stringify(collection.item);
  const named = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  const kept = [...text.matchAll(/pm\.environment\.set\(\\"(\w+)\\"/g)].map(([, name]) => name);
  const names = new Set([...Object.keys(environment), ...kept, ...named]);
  const values = [...names].map((key) => {
    const type = /token|password|invitation$/i.test(key) ? "secret" : "default";
    return { key, value: environment[key] ?? "", type, enabled: true };
  });
  return { name: "Wathiqa", values, _postman_variable_scope: "environment" };
}

function write(folder, name, content) {
  fs.writeFileSync(path.join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
}
