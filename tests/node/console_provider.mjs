// Signing in to the console at a provider of OpenID Connect, in Debian's Chromium. The provider is told before whom it signs in:
// {"url", "chromium", "provider", "expects": "in" | "refused"}; what was found is one JSON object on standard output.
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {chromium} from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const found = {axe: [], policy: []}
const browser = await chromium.launch({
  executablePath: task.chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})
try {
  const context = await browser.newContext({locale: 'nb-NO'})
  const page = await context.newPage()
  page.setDefaultTimeout(30000)
  page.on('console', message => {
    if (/Content Security Policy|Refused to/.test(message.text())) found.policy.push(message.text())
  })
  page.on('pageerror', error => found.policy.push(String(error)))
  await page.goto(`${task.url}/console/`)
  const button = page.getByRole('button', {name: 'Logg inn med innloggingstjenesten'})
  await button.waitFor()
  await page.evaluate(axe)
  found.axe = await page.evaluate(async () => (await window.axe.run(document)).violations.map(one => one.id))
  await button.click()
  if (task.expects === 'in') {
    await page.locator('.who').waitFor()
    found.who = await page.locator('.who').innerText()
    found.cookies = (await context.cookies(task.url)).map(one => [one.name, one.sameSite, one.httpOnly])
    await page.reload()
    await page.locator('.who').waitFor()
    await page.getByRole('button', {name: 'Logg ut'}).click()
    await page.waitForURL(`${task.provider}/**`)
    found.leftTo = page.url()
    await page.goto(`${task.url}/console/`)
    await button.waitFor()
  } else {
    const said = page.getByRole('alert')
    await said.waitFor()
    found.said = await said.innerText()
    found.focused = await said.evaluate(element => element === document.activeElement)
    found.address = page.url()
  }
} catch (error) {
  found.error = String(error)
}
await browser.close()
console.log(JSON.stringify(found))
