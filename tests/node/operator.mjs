// An operator at the console in Debian's Chromium, told what to do by lines of JSON on standard input; each is answered by one
// on standard output. Clicks are counted from where a page was opened; a reason is typed and sent with Enter.
import {createInterface} from 'node:readline'
import {chromium} from 'playwright-core'

const [url, executablePath] = process.argv.slice(2)
const patience = 60000
const browser = await chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']})
const context = await browser.newContext({viewport: {width: 1366, height: 768}, locale: 'nb-NO'})
const page = await context.newPage()
page.setDefaultTimeout(patience)
let clicks = 0

const settled = async () => {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => document.querySelector('main [data-screen=searching]') === null)
}
const find = ({css, text}) => page.locator(css, text ? {hasText: text} : {}).first()

const acts = {
  async signIn({name, password, code}) {
    await page.goto(`${url}/console/`)
    await page.locator('input[name=name]').fill(name)
    await page.locator('input[name=password]').fill(password)
    await page.locator('input[name=code]').fill(code)
    await page.keyboard.press('Enter')
    await page.locator('nav').waitFor()
    await settled()
  },
  /** Asked anew, also where the page is open already. */
  async open({hash}) {
    await page.goto(`${url}/console/#/nowhere`)
    await page.goto(`${url}/console/${hash}`)
    await settled()
    clicks = 0
  },
  async click(what) {
    await find(what).click()
    clicks += 1
    await settled()
  },
  async say({why}) {
    const form = page.locator('form.act:focus-within')      // it takes the focus, and gives it up when it is done
    await form.waitFor()
    await page.keyboard.type(why)
    await page.keyboard.press('Enter')
    await form.waitFor({state: 'detached'})
    await settled()
  },
  /** To a page, and no further: what it shows meanwhile is to be seen. */
  async go({hash}) {
    await page.goto(`${url}/console/${hash}`)
  },
  async fill(what) {
    await find(what).fill(what.value)
  },
  async choose(what) {
    await find(what).selectOption(what.value)
  },
  async count({css}) {
    return String(await page.locator(css).count())
  },
  /** How many milliseconds until it says something else than now, by itself. */
  async changes(what) {
    const found = find(what)
    const before = await found.innerText()
    const began = Date.now()
    await page.waitForFunction(([element, was]) => element.innerText !== was, [await found.elementHandle(), before])
    return String(Date.now() - began)
  },
  /** Of a picture. */
  async text(what) {
    return find(what).textContent()
  },
  async see(what) {
    const found = find(what)
    await found.waitFor()
    return found.innerText()
  },
}

for await (const line of createInterface({input: process.stdin})) {
  const task = JSON.parse(line)
  const answer = {}
  try {
    answer.text = (await acts[task.act](task)) ?? ''
    answer.clicks = clicks
  } catch (error) {
    answer.error = `${error.stack}\n${await page.locator('body').innerText().catch(() => '')}`
  }
  console.log(JSON.stringify(answer))
}
await browser.close()
