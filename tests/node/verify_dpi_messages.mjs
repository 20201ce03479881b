// What our digital post adapter sends, judged by ajv against the official schemas; and whether the receipts it takes are
// ones that those schemas let through.
//
//   verify_dpi_messages.mjs <program that prints messages> <reference folder of dpi> [seed]

import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const [program, folder, seedGiven] = process.argv.slice(2);
const seed = seedGiven ?? String(Math.floor(Math.random() * 2 ** 31));

/// The schemas name their own definitions by `$id: "#/definitions/..."`, which no resolver of draft 7 takes.
function withoutInnerIds(schema, depth = 0) {
  if (Array.isArray(schema)) {
    return schema.map((item) => withoutInnerIds(item, depth + 1));
  }
  if (schema === null || typeof schema !== 'object') {
    return schema;
  }
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, withoutInnerIds(value, depth + 1)]));
  if (depth > 0 && typeof copy.$id === 'string') {
    delete copy.$id;
  }
  return copy;
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
for (const part of ['common', 'dpi']) {
  for (const name of readdirSync(join(folder, 'schemas', part))) {
    ajv.addSchema(withoutInnerIds(JSON.parse(readFileSync(join(folder, 'schemas', part, name), 'utf8'))));
  }
}
const official = (type) => ajv.getSchema(`https://docs.digdir.no/schemas/dpi/${type}.schema.json`);
const receiptTypes = ['leveringskvittering', 'aapningskvittering', 'mottakskvittering', 'returpostkvittering',
  'varslingfeiletkvittering', 'feil'];

/// By the schema of the type it says it is.
function isRightReceipt(receipt) {
  const type = receipt?.standardBusinessDocument?.standardBusinessDocumentHeader?.documentIdentification?.type;
  return receiptTypes.includes(type) && official(type)(receipt);
}

const output = execFileSync(program, [join(folder, 'samples'), seed], { encoding: 'utf8', maxBuffer: 1 << 28 });
const lines = output.trim().split('\n').map((line) => JSON.parse(line));
const count = { digital: 0, utskrift: 0, taken: 0, refused: 0, refusedByUsAlone: 0 };
const samples = {};
for (const line of lines) {
  if (line.schema) {
    const validate = official(line.schema);
    assert.ok(validate(line.message), `seed ${seed}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(line.message)}`);
    count[line.schema] += 1;
  } else if (line.receipt) {
    const right = isRightReceipt(line.receipt);
    assert.ok(right || !line.taken, `seed ${seed}: taken against its schema: ${JSON.stringify(line.receipt)}`);
    count[line.taken ? 'taken' : 'refused'] += 1;
    count.refusedByUsAlone += right && !line.taken ? 1 : 0;
  } else {
    samples[line.sample] = line.taken;
  }
}
assert.ok(count.digital >= 50 && count.utskrift >= 50, `too few messages: ${JSON.stringify(count)}`);
assert.ok(count.taken >= 400 && count.refused >= 400, `too few receipts: ${JSON.stringify(count)}`);
// We want an id, a conversation and a sender to be what they must be where the schemas take any text: few.
assert.ok(count.refusedByUsAlone < count.taken / 2, JSON.stringify(count));
assert.equal(samples['innbyggerpost_dpi_lerveringskvittering_1_0.json'], false);
assert.equal(samples['feil-sbd.json'], false);
console.log(`seed ${seed}: ${JSON.stringify(count)}, samples ${JSON.stringify(samples)}`);
