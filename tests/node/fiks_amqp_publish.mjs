// An independent client of the broker behind Fiks IO (npm amqplib): publishes messages and waits until the broker has confirmed each.
//   fiks_amqp_publish.mjs <file with {port, ca, user, password, messages: [{queue, headers, properties, body}]}>
// `body` is base64. A header is what JSON says (text, number, true, list, object, null), amqplib's {"!": "timestamp", "value": 1} and its
// like, or {"bytes": "<base64>"} for a byte array. Prints {"confirmed": how many}, or {"error"}.
import { readFileSync } from 'node:fs';
import amqp from 'amqplib';

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const header = (value) => (value !== null && typeof value === 'object' && 'bytes' in value ? Buffer.from(value.bytes, 'base64') : value);

try {
  const connection = await amqp.connect(
    { protocol: 'amqps', hostname: '127.0.0.1', port: wanted.port, username: wanted.user, password: wanted.password, vhost: '/' },
    { ca: [readFileSync(wanted.ca)], servername: 'localhost', clientProperties: { connection_name: 'fiks_amqp_publish.mjs' } },
  );
  const channel = await connection.createConfirmChannel();
  for (const message of wanted.messages) {
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, header(value)]));
    channel.publish('', message.queue, Buffer.from(message.body, 'base64'), { persistent: true, ...message.properties, headers });
  }
  await channel.waitForConfirms();
  await channel.close();
  await connection.close();
  say({ confirmed: wanted.messages.length });
} catch (error) {
  say({ error: error.message });
}
process.exit(0);
