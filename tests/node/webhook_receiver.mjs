// A receiver of webhooks that trusts nothing it cannot verify with the npm library `standardwebhooks`.
//   node webhook_receiver.mjs <secrets.json> <journal>
// Says {"url"} on standard output. Reads the secrets (a list; any may fit) at each call, so they may be rotated. Appends
// one line of JSON for each call to the journal: id, type, verified, fits (one for each secret), status. What it answers is
// told by POST /answers: a list of {status, headers} for the calls to come; then 204 again.
import {appendFileSync, readFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {Webhook} from 'standardwebhooks'

const [secretsFile, journal] = process.argv.slice(2)
let answers = []

const fits = (secret, body, headers) => {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

const server = createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts).toString()
    if (request.url === '/answers') {
      answers = JSON.parse(body)
      response.writeHead(204).end()
      return
    }
    const which = JSON.parse(readFileSync(secretsFile, 'utf8')).map(secret => fits(secret, body, request.headers))
    const verified = which.includes(true)
    const event = verified ? JSON.parse(body) : {}
    const answer = answers.shift() ?? {status: verified ? 204 : 401}
    appendFileSync(journal, JSON.stringify({
      id: request.headers['webhook-id'], event, verified, fits: which, status: answer.status,
      contentType: request.headers['content-type'], signatures: (request.headers['webhook-signature'] ?? '').split(' ').length,
    }) + '\n')
    response.writeHead(answer.status, answer.headers ?? {}).end()
  })
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({url: `http://127.0.0.1:${server.address().port}`})))
