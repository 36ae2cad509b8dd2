// The client: openapi-fetch with the types of the description, which `scripts/clients typescript`
// writes to schema.ts beside it.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

/** A type of the description, such as `Schemas["CinReading"]`. */
export type Schemas = components["schemas"];

/** A client of the service at `baseUrl`, and what makes it send a token. */
export function wathiqa(baseUrl: string) {
  const client = createClient<paths>({ baseUrl, bodySerializer });
  let token: string | undefined;
  client.use({
    onRequest({ request }) {
      if (token) request.headers.set("Authorization", `Bearer ${token}`);
      return request;
    },
  });
  const signIn = (given: string | undefined) => {
    token = given;
  };
  return { client, signIn };
}

/** Pictures travel as a form, all else as JSON. */
function bodySerializer(body: unknown): FormData | string {
  const members = Object.entries(body as Record<string, unknown>);
  if (!members.some(([, value]) => value instanceof Blob)) return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of members) form.append(name, value as Blob);
  return form;
}
