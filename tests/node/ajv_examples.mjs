// Every message schema against its examples, by a validator that is not ours (ajv, draft 7, strict).
//
//   ajv_examples.mjs [repository root]
//
// schemas/messages/<type>/v<N>.schema.json judges the examples whose member `version` is N, and v1 all others (an invalid
// example may lack the member). A valid one must pass; an invalid one must fail, at the pointer that
// examples/invalid/expect.json names for it. All other *.schema.json under schemas/ and adapters/ must compile.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..'));
const problems = [];
let examples = 0;
let schemas = 0;

function newAjv() {
  // Unknown keywords and formats are refused. strictRequired and strictTypes would refuse `required` and `minItems` inside
  // oneOf and if/then, which is how draft 7 says "exactly one of" and "this or that".
  const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword('x-environments');   // an adapter's addresses by environment, read by the configuration
  ajv.addKeyword('x-secrets');   // settings that are secret references, which the adapter is given the values of
  ajv.addKeyword('x-files');   // settings that name a file, whose content the adapter is given
  ajv.addKeyword('x-purposes');   // settings whose keys are the tenant's purposes
  return ajv;
}

function complain(path, what) {
  problems.push(`${relative(root, path)}: ${what}`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    complain(path, error.message);
    return undefined;
  }
}

function compile(path) {
  const schema = readJson(path);
  if (schema === undefined) return undefined;
  schemas += 1;
  if (schema.$schema !== 'http://json-schema.org/draft-07/schema#') {
    complain(path, `$schema is ${schema.$schema ?? 'missing'}; we write draft 7`);
  }
  try {
    return newAjv().compile(schema);
  } catch (error) {
    complain(path, error.message);
    return undefined;
  }
}

function escapePointer(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

// Where an error lies as a caller would say it: the member itself, also when it is missing or unknown.
function pointerOf(error) {
  const extra = error.params.missingProperty ?? error.params.additionalProperty;
  return extra === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(extra)}`;
}

function jsonFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => join(folder, name));
}

function checkMessageType(folder) {
  const validators = new Map();
  for (const name of readdirSync(folder)) {
    const version = /^v(\d+)\.schema\.json$/.exec(name);
    if (version) validators.set(Number(version[1]), compile(join(folder, name)));
  }
  const valid = jsonFiles(join(folder, 'examples', 'valid'));
  const invalid = jsonFiles(join(folder, 'examples', 'invalid')).filter((path) => !path.endsWith('/expect.json'));
  if (valid.length === 0) complain(folder, 'no examples/valid/*.json');
  if (invalid.length === 0) complain(folder, 'no examples/invalid/*.json');
  const expectPath = join(folder, 'examples', 'invalid', 'expect.json');
  const expect = existsSync(expectPath) ? (readJson(expectPath) ?? {}) : {};

  for (const path of valid) {
    const message = readJson(path);
    const validate = validators.get(message?.version) ?? validators.get(1);
    if (message === undefined || !validate) continue;
    examples += 1;
    if (!validate(message)) {
      complain(path, `should be valid: ${validate.errors.map((e) => `${pointerOf(e)} ${e.message}`).join('; ')}`);
    }
  }
  for (const path of invalid) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const message = readJson(path);
    const validate = validators.get(message?.version) ?? validators.get(1);
    if (message === undefined || !validate) continue;
    examples += 1;
    if (validate(message)) {
      complain(path, 'should be refused and is not');
    } else if (expect[name] === undefined) {
      complain(path, 'expect.json does not say which pointer the error must name');
    } else if (!validate.errors.some((error) => pointerOf(error) === expect[name])) {
      complain(path, `expected an error at "${expect[name]}", got ${validate.errors.map(pointerOf).join(', ')}`);
    }
  }
  for (const name of Object.keys(expect)) {
    if (!invalid.some((path) => path.endsWith(`/${name}`))) complain(expectPath, `${name} is not there`);
  }
}

function schemaFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.schema.json') && !name.startsWith('messages/'))
    .map((name) => join(folder, name));
}

const messages = join(root, 'schemas', 'messages');
const types = existsSync(messages) ? readdirSync(messages).filter((n) => statSync(join(messages, n)).isDirectory()) : [];
if (types.length === 0) complain(messages, 'no message types');
types.forEach((type) => checkMessageType(join(messages, type)));
[...schemaFiles(join(root, 'schemas')), ...schemaFiles(join(root, 'adapters'))].forEach(compile);

problems.forEach((problem) => console.log(problem));
console.log(`${types.length} message types, ${schemas} schemas, ${examples} examples, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
