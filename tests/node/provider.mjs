// A provider of OpenID Connect for the tests, of a make that is not ours. The environment says where it is, where what it
// is made of lies, and where it may send browsers back to.

import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const { ISSUER, REDIRECT, SKIMWATCH_TEST_NODE } = process.env;
const code = pathToFileURL(`${SKIMWATCH_TEST_NODE}/node_modules/oidc-provider/lib/index.js`);
const { default: Provider } = await import(code.href);

// By the name that somebody types.
const people = {
  somebody: { email: "Somebody@example.com", email_verified: true },
  twin: { email: "somebody@example.com", email_verified: true },
  unverified: { email: "unverified@example.com", email_verified: false },
  silent: { email: "silent@example.com" },
  stranger: { email: "stranger@example.com", email_verified: true },
};

const provider = new Provider(ISSUER, {
  clients: [{ client_id: "skimwatch", client_secret: "a-secret-of-the-tests", redirect_uris: [REDIRECT] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["of the tests"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
});

const { hostname, port } = new URL(ISSUER);
createServer(provider.callback()).listen(Number(port), hostname);
