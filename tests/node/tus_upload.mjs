// A file sent by tus-js-client, which knows nothing of us but the protocol.
//
//   tus_upload.mjs <endpoint> <bearer> <bytes> <bytes in a request, 0: all in one>
//
// Says on standard output, one JSON object a line: {"sent": n} as it goes on, {"again": status} for each request that is
// tried again, and at the end {"done": {"sha256", "document", "url"}}.

import { createHash } from 'node:crypto';
import { Upload } from 'tus-js-client';

const [endpoint, bearer, bytesText, pieceText] = process.argv.slice(2);
const size = Number(bytesText);
const say = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

// Bytes without a period that a piece could hide in; held here, which the program under test must not.
const file = Buffer.alloc(size);
let state = 1;
for (let at = 0; at + 4 <= size; at += 4) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  file.writeUInt32LE(state, at);
}
const sha256 = createHash('sha256').update(file).digest('hex');

let told = 0;
let document = null;
const upload = new Upload(file, {
  endpoint,
  chunkSize: Number(pieceText) || Infinity,
  retryDelays: Array(60).fill(250),
  metadata: { filename: 'tegning nr. 1.pdf', filetype: 'application/pdf' },
  headers: { Authorization: `Bearer ${bearer}` },
  onProgress(sent) {
    if (sent - told >= 262144) {
      told = sent;
      say({ sent });
    }
  },
  onShouldRetry(error) {
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
    say({ again: status });
    return status === 0 || status === 409 || status === 423 || status >= 500;
  },
  onAfterResponse(request, response) {
    document = response.getHeader('Upload-Document') || document;
  },
  onError(error) {
    say({ failed: String(error) });
    process.exitCode = 1;
  },
  onSuccess() {
    say({ done: { sha256, document, url: upload.url } });
  },
});
upload.start();
