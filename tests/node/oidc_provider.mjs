// A provider of OpenID Connect made of oidc-provider, as strict as Ansattporten: code with PKCE S256, pushed requests
// alone, private_key_jwt. It makes the client's key, and says {"issuer", "key": PEM, "kid"}. Reads lines of JSON:
//   {"redirectUrl": "...", "signOutUrl": "..."}   the client; answers {"ready": true}
//   {"person": "...", "acr": "...", "groups": [...]}   who signs in from now on, without being asked; answers {"ready": true}

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

// What it says of its defaults is not for whoever reads our lines.
console.info = console.error;
const clientKey = await generateKeyPair('RS256', { extractable: true });
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const kid = 'console-1';
let handle = (request, response) => response.writeHead(503).end();
let person = {};
const server = createServer((request, response) => handle(request, response));

async function provider(issuer, { redirectUrl, signOutUrl }) {
  const made = new Provider(issuer, {
    clients: [
      {
        client_id: 'sluse-console',
        redirect_uris: [redirectUrl],
        post_logout_redirect_uris: [signOutUrl],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
        id_token_signed_response_alg: 'RS256',
        require_pushed_authorization_requests: true,
        jwks: { keys: [{ ...(await exportJWK(clientKey.publicKey)), kid, use: 'sig', alg: 'RS256' }] },
      },
    ],
    jwks: { keys: [{ ...signing.export({ format: 'jwk' }), kid: 'provider-1', use: 'sig', alg: 'RS256' }] },
    acrValues: ['substantial', 'high'],
    claims: { openid: ['sub', 'acr', 'amr', 'groups'] },
    conformIdTokenClaims: false,
    clientAuthMethods: ['private_key_jwt'],
    cookies: { keys: ['only for this test'] },
    features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } },
    pkce: { required: () => true },
    interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, groups: person.groups }) }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const answer = made.callback();
  return async (request, response) => {
    if (request.url.startsWith('/interaction/')) {
      return made.interactionFinished(request, response, { login: { accountId: person.person, acr: person.acr, amr: ['test'], remember: false } });
    }
    return answer(request, response);
  };
}

server.listen(0, '127.0.0.1', async () => {
  // Another site than the console's, so that the browser treats its cookies as from elsewhere.
  const issuer = `http://localhost:${server.address().port}`;
  console.log(JSON.stringify({ issuer, key: await exportPKCS8(clientKey.privateKey), kid }));
  for await (const line of createInterface({ input: process.stdin })) {
    const said = JSON.parse(line);
    if (said.redirectUrl) handle = await provider(issuer, said);
    else person = said;
    console.log(JSON.stringify({ ready: true }));
  }
  server.closeAllConnections();
  server.close();
});
