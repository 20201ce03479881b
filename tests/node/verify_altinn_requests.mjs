// What our Altinn adapter sends, judged by ajv against the schemas of the Correspondence API's document; and how it reads
// the reference samples.
//
//   verify_altinn_requests.mjs <program that prints requests> <reference folder of altinn>

import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const [program, folder] = process.argv.slice(2);
const document = JSON.parse(readFileSync(join(folder, 'altinn-correspondence-v1.derived.openapi.json'), 'utf8'));

/// Where the document lists an object's members and does not say that there may be more, there are no more.
function closed(schema) {
  if (Array.isArray(schema)) {
    return schema.map(closed);
  }
  if (schema === null || typeof schema !== 'object') {
    return schema;
  }
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  if (copy.type === 'object' && copy.properties && copy.additionalProperties === undefined) {
    copy.additionalProperties = false;
  }
  // OpenAPI 3.0 writes a nullable reference as allOf beside nullable; what we send is never null.
  if (copy.allOf) {
    delete copy.nullable;
  }
  return copy;
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'doc', components: { schemas: closed(document.components.schemas) } });

const lines = execFileSync(program, [join(folder, 'samples')], { encoding: 'utf8' }).trim().split('\n').map(JSON.parse);
let judged = 0;
const read = {};
for (const line of lines) {
  if (line.sample) {
    read[line.sample] = line.read;
    continue;
  }
  const validate = ajv.getSchema(`doc#/components/schemas/${line.schema}`);
  assert.ok(validate(line.body), `${line.example}: ${ajv.errorsText(validate.errors)}`);
  judged += 1;
}
assert.ok(judged >= 15, `only ${judged} requests to judge`);
assert.deepEqual(read, {
  'correspondence-initialize.response.json': '0198408f-979c-75e0-b23e-aef6e907015f ReadyForPublish',
  'correspondence-409.problem.json': 'altinn.corr_01034',
  'correspondence-400-validation.problem.json': 'altinn.validation_failed',
});
console.log(`${judged} requests follow the document, ${Object.keys(read).length} samples read`);
