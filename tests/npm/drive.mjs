// Calls the client as it is told, a line of JSON each: {"call": "invoices.get", "with": [1]}, and answers with a line.
import dns from "node:dns";
import { createInterface } from "node:readline";
import { register } from "node:module";
import { pathToFileURL } from "node:url";

const [entry, config] = process.argv.slice(2);
register("./resolve.mjs", import.meta.url);
const { createFakturoidClient } = await import(pathToFileURL(entry));

// The client asks the host of the service, which is here.
const lookUp = dns.lookup;
dns.lookup = (_name, options, done) => lookUp("127.0.0.1", options, done);

const tokens = new Map();
const tokenStore = {
  getTokens: async (tenant) => tokens.get(tenant) ?? null,
  saveTokens: async (tenant, found) => void tokens.set(tenant, found),
  deleteTokens: async (tenant) => void tokens.delete(tenant),
};
const client = createFakturoidClient({ config: JSON.parse(config), tokenStore });
const methods = (of) => Object.getOwnPropertyNames(Object.getPrototypeOf(of)).filter((name) => name !== "constructor");

const own = {
  methods: () => Object.entries(client.forTenant("firm")).flatMap(([name, of]) => methods(of).map((one) => `${name}.${one}`)),
};

async function called(name, values) {
  const [first, second] = name.split(".");
  if (own[first]) return own[first](...values);
  return second ? client.forTenant("firm")[first][second](...values) : client[first](...values);
}

async function plain(value) {
  if (value?.[Symbol.asyncIterator]) return collected(value);
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("base64");
  return value === undefined ? null : value;
}

async function collected(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, with: values } = JSON.parse(line);
  let answer;
  try {
    answer = { value: await plain(await called(call, values)) };
  } catch (error) {
    answer = { error: error.message, status: error.status ?? 0, details: error.details ?? {} };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
