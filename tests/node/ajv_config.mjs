// Every configuration folder that ships (config/<name>/) against the schemas in schemas/, by a validator that is not ours.
//
//   ajv_config.mjs [repository root]
//
// sluse.toml is judged by gateway.schema.json, tenants/*.toml by tenant.schema.json. TOML is read by Python's tomllib.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..'));
const toJson = 'import json,sys,tomllib; json.dump(tomllib.load(open(sys.argv[1],"rb")), sys.stdout, default=str)';
const problems = [];
let files = 0;

function compile(name) {
  const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')));
}

function check(path, validate) {
  files += 1;
  const text = execFileSync('python3', ['-c', toJson, path], { encoding: 'utf8' });
  if (!validate(JSON.parse(text))) {
    for (const { instancePath, message, params } of validate.errors) {
      problems.push(`${relative(root, path)}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
    }
  }
}

const gateway = compile('gateway.schema.json');
const tenant = compile('tenant.schema.json');
const config = join(root, 'config');
for (const name of readdirSync(config)) {
  const main = join(config, name, 'sluse.toml');
  if (existsSync(main)) check(main, gateway);
  const tenants = join(config, name, 'tenants');
  if (!existsSync(tenants)) continue;
  readdirSync(tenants).filter((file) => file.endsWith('.toml')).forEach((file) => check(join(tenants, file), tenant));
}
if (files === 0) problems.push('no configuration under config/');

problems.forEach((problem) => console.log(problem));
console.log(`${files} configuration files, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
