// An independent client of the broker behind Fiks IO (npm amqplib): takes messages out of a queue and prints each as a line of JSON.
//   fiks_amqp.mjs <file with {port, ca, user, password, queue, count, then, waitMs}>
// `then` is what is done with each: ack, requeue, nack, or drop (the connection ends without any of them).
import { readFileSync } from 'node:fs';
import amqp from 'amqplib';

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

let taken = 0;
try {
  const connection = await amqp.connect(
    { protocol: 'amqps', hostname: '127.0.0.1', port: wanted.port, username: wanted.user, password: wanted.password, vhost: '/' },
    { ca: [readFileSync(wanted.ca)], servername: 'localhost', clientProperties: { connection_name: 'fiks_amqp.mjs' } },
  );
  connection.on('error', () => {});
  const channel = await connection.createChannel();
  channel.on('error', (error) => { say({ error: error.message }); process.exit(0); });
  await channel.prefetch(10);
  const done = new Promise((resolve) => {
    const timer = setTimeout(resolve, wanted.waitMs ?? 20000);
    channel.consume(wanted.queue, (message) => {
      taken += 1;
      say({
        headers: message.properties.headers,
        expiration: message.properties.expiration ?? null,
        persistent: message.properties.deliveryMode === 2,
        routingKey: message.fields.routingKey,
        redelivered: message.fields.redelivered,
        body: message.content.toString('base64'),
      });
      if (wanted.then === 'ack') channel.ack(message);
      if (wanted.then === 'requeue') channel.nack(message, false, true);
      if (wanted.then === 'nack') channel.nack(message, false, false);
      if (taken === wanted.count) { clearTimeout(timer); resolve(); }
    }).then(() => say({ consuming: true })).catch(() => {});
  });
  await done;
  if (wanted.then !== 'drop') await channel.close();
  await connection.close();
} catch (error) {
  say({ error: error.message });
}
process.exit(0);
