// What a client does in a day: an account, a card read, listed, corrected, counted, erased.
//
//   node round_trip.js http://127.0.0.1:8000 FOLDER     # with recto.png and verso.png of a card

import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { wathiqa, type Schemas } from "./wathiqa";

/** The body of a good answer; another one is an error that names its problem. */
function told<T>(outcome: { data?: T; error?: unknown; response: Response }): T {
  if (outcome.data === undefined) {
    const problem = outcome.error as Partial<Schemas["Problem"]> | undefined;
    throw new Error(`${outcome.response.url}: ${outcome.response.status} ${problem?.code ?? ""}`);
  }
  return outcome.data;
}

async function main(url: string, folder: string) {
  const { client, signIn } = wathiqa(url);
  const picture = async (name: string) => new Blob([await readFile(join(folder, name))]);

  const account = { email: `${randomUUID()}@example.org`, password: "un mot de passe d essai" };
  told(await client.POST("/auth/register", { body: { ...account, full_name: "Salma Essai" } }));
  const refused = await client.GET("/me");
  assert.equal(refused.error?.code, "unauthenticated");
  signIn(told(await client.POST("/auth/login", { body: account })).token);
  assert.equal(told(await client.GET("/me")).email, account.email);

  const [recto, verso] = await Promise.all([picture("recto.png"), picture("verso.png")]);
  const reading = told(await client.POST("/cin/process", { body: { recto, verso } }));
  const number = reading.fields["cin"]?.value;
  assert.ok(number, "the number was read");
  assert.equal(reading.cin, number);
  const path = { id: reading.id };

  const page = told(await client.GET("/cin", { params: { query: { number: String(number) } } }));
  assert.deepEqual(page.items.map(({ id }) => id), [reading.id]);
  const name = String(reading.identite.nom.fr);
  const finds = told(await client.GET("/search", { params: { query: { q: name } } }));
  assert.equal(finds.items[0]?.id, reading.id);

  const seen = await client.GET("/cin/{id}", { params: { path } });
  const header = { "If-Match": seen.response.headers.get("ETag") ?? "" };
  const body = { nom_fr: "EL FASSI" };
  const corrected = told(await client.PATCH("/cin/{id}", { params: { path, header }, body }));
  assert.equal(corrected["nom_fr"], "EL FASSI");
  assert.equal(corrected.corrections?.["nom_fr"]?.machine, reading.identite.nom.fr);
  const approved = told(await client.POST("/cin/{id}/approve", { params: { path } }));
  assert.equal(approved.status, "approved");

  const overview = told(await client.GET("/charts/overview"));
  // A text where the request prefers a drawing.
  assert.ok(typeof overview !== "string");
  assert.equal(overview.total_cin, 1);
  const erased = told(await client.DELETE("/cin/{id}", { params: { path } }));
  assert.equal(erased.erased.records, 1);
  told(await client.POST("/auth/logout"));
  assert.equal((await client.GET("/me")).response.status, 401);
  console.log(`TypeScript: ${url} read card ${number}`);
}

const [url = "http://127.0.0.1:8000", folder = "."] = process.argv.slice(2);
main(url, folder).catch((error) => {
  console.error(error);
  process.exit(1);
});
