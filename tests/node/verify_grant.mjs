// Grants of our Maskinporten adapter, verified by jose: signature, claims, and the certificate they carry.
//
//   verify_grant.mjs <program that prints grants>

import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, importSPKI, importX509, jwtVerify } from 'jose';

const printed = execFileSync(process.argv[2], { encoding: 'utf8' }).split('\n');
const said = JSON.parse(printed.find((line) => line.startsWith('{')));
const currentDate = new Date(said.now);
const rules = { algorithms: ['RS256'], issuer: 'client-1', audience: 'https://mp.example/', currentDate };

async function check(grant, key) {
  const { payload } = await jwtVerify(grant, key, { ...rules, requiredClaims: ['jti', 'iat', 'exp', 'scope'] });
  assert.equal(payload.exp - payload.iat, 120);
  assert.equal(payload.iat, Math.floor(currentDate / 1000));
  assert.equal(payload.scope, 'a b');
  assert.equal(payload.consumer_org, '910753614');
  assert.deepEqual(payload.resource, ['https://api.example.no/']);
  assert.deepEqual(payload.authorization_details, [
    {
      type: 'urn:altinn:systemuser',
      systemuser_org: { authority: 'iso6523-actorid-upis', ID: '0192:999888777' },
    },
  ]);
  assert.match(payload.jti, /^[0-9a-f-]{36}$/);
}

const key = await importSPKI(said.public_key, 'RS256');
await check(said.by_kid, key);
assert.deepEqual(decodeProtectedHeader(said.by_kid), { alg: 'RS256', kid: 'k-1' });

const header = decodeProtectedHeader(said.by_certificate);
assert.deepEqual(Object.keys(header), ['alg', 'x5c']);
assert.ok(Array.isArray(header.x5c) && header.x5c.length === 1);
const certificate = new X509Certificate(Buffer.from(header.x5c[0], 'base64'));
await check(said.by_certificate, await importX509(certificate.toString(), 'RS256'));

const [head, body, signature] = said.by_kid.split('.');
const changed = Buffer.from(signature, 'base64url');
changed[0] ^= 1;
await assert.rejects(jwtVerify([head, body, changed.toString('base64url')].join('.'), key, rules));
console.log('two grants verified, a changed one refused');
