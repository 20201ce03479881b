// Messages and receipts of digital post, judged by ajv against the official schemas; their signatures by jose.
//
//   verify_digital_post.mjs <folder of official schemas>        the texts as a JSON list on standard input

import { X509Certificate } from 'node:crypto';
import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { compactVerify } from 'jose';

const [folder] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(0, 'utf8'));

/// The schemas name their definitions by "$id": "#/definitions/...", which is no name a validator may take.
function withoutInnerIds(schema, top = true) {
  if (Array.isArray(schema)) {
    return schema.map((item) => withoutInnerIds(item, false));
  }
  if (schema === null || typeof schema !== 'object') {
    return schema;
  }
  const members = Object.entries(schema).filter(([name, value]) => top || name !== '$id' || typeof value !== 'string');
  return Object.fromEntries(members.map(([name, value]) => [name, withoutInnerIds(value, false)]));
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const byType = new Map();
for (const part of ['common', 'dpi']) {
  for (const file of readdirSync(join(folder, part))) {
    const schema = withoutInnerIds(JSON.parse(readFileSync(join(folder, part, file), 'utf8')));
    ajv.addSchema(schema);
    const type = file.match(/^innbyggerpost_dpi_(.*)_1_0\.schema\.json$/);
    if (type) {
      byType.set(type[1], schema.$id);
    }
  }
}

const seen = new Set();
for (const text of texts) {
  const header = JSON.parse(Buffer.from(text.split('.')[0], 'base64url'));
  assert.deepEqual(Object.keys(header).sort(), ['alg', 'x5c']);
  assert.equal(header.x5c.length, 1);
  const certificate = new X509Certificate(Buffer.from(header.x5c[0], 'base64'));
  const { payload } = await compactVerify(text, certificate.publicKey, { algorithms: ['RS256'] });
  const message = JSON.parse(Buffer.from(payload));
  const { type } = message.standardBusinessDocument.standardBusinessDocumentHeader.documentIdentification;
  const validate = ajv.getSchema(byType.get(type));
  assert.ok(validate(message), `${type}: ${ajv.errorsText(validate.errors)}`);
  seen.add(type);
}
assert.deepEqual([...seen].sort(), [...byType.keys()].filter((type) => type !== 'flyttet').sort());
console.log(`${texts.length} texts of ${seen.size} types follow the official schemas`);
