// What our adapter of the contact register sends, judged by ajv against the derived document; and how it reads answers made of
// every value that the document lists. The retired SOAP service's schema names the same codes: it must say no more.
//
//   verify_krr_exchanges.mjs <program that prints exchanges> <reference folder of krr>

import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const [program, folder] = process.argv.slice(2);
const document = JSON.parse(readFileSync(join(folder, 'krr-rest.derived.openapi.json'), 'utf8'));
const soap = readFileSync(join(folder, 'oppslagstjeneste-metadata-16-02.xsd'), 'utf8');
const schemas = document.components.schemas;

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'doc', components: { schemas } });
const valid = (name, value) => {
  const validate = ajv.getSchema(`doc#/components/schemas/${name}`);
  assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`);
};

/// The codes of one type in the SOAP schema.
function soapCodes(type) {
  const at = soap.indexOf(`<xs:simpleType name="${type}">`);
  return [...soap.slice(at, soap.indexOf('</xs:simpleType>', at)).matchAll(/enumeration value="([A-Z_]+)"/g)].map((m) => m[1]);
}

const codes = Object.fromEntries(['status', 'reservasjon', 'varslingsstatus'].map((type) => {
  const listed = schemas.Person.properties[type].enum;
  assert.deepEqual([...listed].sort(), soapCodes(type).sort(), `${type}: the two documents differ`);
  return [type, listed];
}));

// One person for each combination, with the document's own examples where it has some.
const persons = [];
const language = schemas.Person.properties.spraak.enum;
const mailboxes = [undefined, ...schemas.Person.properties.digital_post.properties.postkasseleverandoeradresse.enum];
const stamp = schemas.Person.properties.reservasjonstidspunkt.description.match(/20\S+/)[0];
for (const status of codes.status) {
  for (const reservasjon of codes.reservasjon) {
    for (const varslingsstatus of codes.varslingsstatus) {
      for (const operator of mailboxes) {
        const person = { personidentifikator: String(30000000000 + persons.length), reservasjon, status, varslingsstatus };
        person.spraak = language[persons.length % language.length];
        person.kontaktinformasjon = Object.fromEntries(
          Object.keys(schemas.Kontaktinformasjon.properties).map((name) => [name, /_/.test(name) ? stamp : `${name}@eksempel`]));
        if (operator) {
          person.digital_post = {
            postkasseadresse: schemas.Person.properties.digital_post.properties.postkasseadresse.example,
            postkasseleverandoeradresse: operator,
          };
        }
        persons.push(person);
      }
    }
  }
}
const print = { postkasseleverandoerAdresse: schemas.PrintSertifikat.properties.postkasseleverandoerAdresse.example, x509Sertifikat: 'AAAA' };
valid('PersonerResponse', { personer: persons });
valid('PrintSertifikat', print);

const place = mkdtempSync(join(tmpdir(), 'krr-'));
const file = join(place, 'answers.jsonl');
let lines;
try {
  const answers = [{ answer: { personer: persons }, asked: persons.map((person) => person.personidentifikator) }, { print }];
  writeFileSync(file, answers.map((line) => JSON.stringify(line)).join('\n'));
  lines = execFileSync(program, [file], { encoding: 'utf8' }).trim().split('\n').map(JSON.parse);
} finally {
  rmSync(place, { recursive: true });
}

const requests = lines.slice(0, -2);
assert.equal(requests.length, 3);
for (const { schema, method, url, body } of requests) {
  const server = document.servers.find((one) => url.startsWith(one.url));
  const operation = document.paths[url.slice(server.url.length)]?.[method.toLowerCase()];
  assert.ok(operation, `${method} ${url} is not in the document`);
  assert.equal(body !== undefined, operation.requestBody !== undefined);
  if (schema) {
    assert.ok(operation.requestBody.content['application/json'].schema.$ref.endsWith(`/${schema}`));
    valid(schema, body);
    assert.deepEqual(Object.keys(body), Object.keys(schemas[schema].properties));
  }
}

const [read, printed] = lines.slice(-2);
for (const person of persons) {
  const { value, failure } = read[person.personidentifikator];
  assert.equal(failure, undefined, `${JSON.stringify(person)}: ${failure}`);
  assert.equal(value.reserved, person.reservasjon === 'JA');
  assert.equal(value.status, { AKTIV: 'active', SLETTET: 'deleted', IKKE_REGISTRERT: 'not_registered' }[person.status]);
  assert.equal(value.language, person.spraak);
  assert.equal(value.email.address, 'epostadresse@eksempel');
  assert.equal(value.mobile.number, 'mobiltelefonnummer@eksempel');
  assert.deepEqual(value.mailbox, person.digital_post && {
    address: person.digital_post.postkasseadresse, operator: person.digital_post.postkasseleverandoeradresse,
  });
  // The document's example of a time is more than 18 months before the program's clock.
  assert.equal(value.canNotify, false);
  assert.equal(Boolean(value.email.notifyUntil), value.status === 'active' && !value.reserved);
}
assert.deepEqual(printed, { failure: 'krr.print_unusable', field: 'x509Sertifikat' });
console.log(`${requests.length} requests follow the document, ${persons.length} persons are understood`);
