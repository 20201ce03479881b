// An issuer of access tokens made of jose: metadata, key set, and tokens as they are asked for.
//
// Says {"issuer": "http://127.0.0.1:<port>/"} and then, for each line of JSON it reads, {"token": "..."}:
//   {"claims": {...}}                    signed RS256 with the key of the set
//   {"claims": {...}, "by": "stranger"}  by a key that is not in it, under the same id
//   {"claims": {...}, "by": "secret"}    HS256 with the public key as the secret
//   {"claims": {...}, "by": "nobody"}    alg none
// iss, iat, exp, consumer and scope are filled in unless they are given; null leaves one out.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

const pair = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'jose-1', use: 'sig', alg: 'RS256' };
const spki = await exportSPKI(pair.publicKey);
let issuer;

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  if (request.url === '/.well-known/oauth-authorization-server') {
    response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}jwk` }));
  } else if (request.url === '/jwk') {
    response.end(JSON.stringify({ keys: [jwk] }));
  } else {
    response.writeHead(404).end();
  }
});

async function token({ claims, by }) {
  const now = Math.floor(Date.now() / 1000);
  const consumer = { authority: 'iso6523-actorid-upis', ID: '0192:310002003' };
  const all = { iss: issuer, iat: now, exp: now + 120, consumer, scope: 'sluse:brev', ...claims };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  if (by === 'nobody') return new UnsecuredJWT(given).encode();
  if (by === 'secret') {
    return new SignJWT(given).setProtectedHeader({ alg: 'HS256', kid: jwk.kid }).sign(new TextEncoder().encode(spki));
  }
  const key = by === 'stranger' ? stranger.privateKey : pair.privateKey;
  return new SignJWT(given).setProtectedHeader({ alg: 'RS256', kid: jwk.kid }).sign(key);
}

server.listen(0, '127.0.0.1', async () => {
  issuer = `http://127.0.0.1:${server.address().port}/`;
  console.log(JSON.stringify({ issuer }));
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify({ token: await token(JSON.parse(line)) }));
  }
  server.close();
});
