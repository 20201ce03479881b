// An independent client of the broker behind Fiks IO (npm amqplib): takes messages out of a queue and prints each as a line of JSON.
//   fiks_amqp.mjs <file with {port, ca, user, password, queue, count, prefetch, then, waitMs}>
// `then` is what is done with each: ack, requeue, nack, or drop (the connection ends without any of them). `count` acknowledges and
// prints nothing but how long all of them took, in seconds and in seconds of the processor.
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
  await channel.prefetch(wanted.prefetch ?? 10);
  const begun = performance.now();
  const used = process.cpuUsage();
  const silent = wanted.then === 'count';
  const done = new Promise((resolve) => {
    const timer = setTimeout(resolve, wanted.waitMs ?? (silent ? 240000 : 20000));
    channel.consume(wanted.queue, (message) => {
      taken += 1;
      if (!silent) say({
        headers: message.properties.headers,
        expiration: message.properties.expiration ?? null,
        persistent: message.properties.deliveryMode === 2,
        routingKey: message.fields.routingKey,
        redelivered: message.fields.redelivered,
        body: message.content.toString('base64'),
      });
      if (wanted.then === 'ack' || silent) channel.ack(message);
      if (wanted.then === 'requeue') channel.nack(message, false, true);
      if (wanted.then === 'nack') channel.nack(message, false, false);
      if (taken === wanted.count) { clearTimeout(timer); resolve(); }
    }).then(() => say({ consuming: true })).catch(() => {});
  });
  await done;
  if (wanted.then !== 'drop') await channel.close();
  const spent = process.cpuUsage(used);
  if (silent) say({ taken, seconds: (performance.now() - begun) / 1000, cpu: (spent.user + spent.system) / 1e6 });
  await connection.close();
} catch (error) {
  say({ error: error.message });
}
process.exit(0);
