// Packs what Vite built into one file that the program embeds; gateway/admin/pages.cpp reads it.
//   node pack.mjs <folder> <out>
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const [folder, out] = process.argv.slice(2);
const types = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json',
};

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();

const lines = [`${files.length}`];
const bodies = [];
for (const file of files) {
  const type = types[extname(file)];
  if (!type) throw new Error(`no media type is known for ${file}`);
  const plain = readFileSync(file);
  const packed = gzipSync(plain, { level: 9 });
  const gzip = packed.length < plain.length ? packed : Buffer.alloc(0);
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 32);
  lines.push(`${relative(folder, file)} ${type} ${hash} ${plain.length} ${gzip.length}`);
  bodies.push(plain, gzip);
}
writeFileSync(out, Buffer.concat([Buffer.from(lines.join('\n') + '\n'), ...bodies]));
