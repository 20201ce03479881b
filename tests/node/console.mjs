// The console in Debian's Chromium, as a person at the keyboard meets it. What to do stands in one JSON object on standard
// input; what was found is one on standard output. axe-core judges accessibility; oathtool makes the one-time codes.
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {chromium} from 'playwright-core'

const task = JSON.parse(readFileSync(0, 'utf8'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const found = {axe: [], axeRuns: 0, foreign: [], policy: [], alerts: 0, steps: {}}

const codeOf = secret => execFileSync('oathtool', ['--totp', '-b', secret], {encoding: 'utf8'}).trim()

const browser = await chromium.launch({
  executablePath: task.chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})
const context = await browser.newContext({viewport: {width: 1366, height: 768}, locale: 'nb-NO'})
// axe is put into the page past the policy by the debugger, not by the page.
context.on('request', request => {
  if (!request.url().startsWith(task.url)) found.foreign.push(request.url())
})
const page = await context.newPage()
page.setDefaultTimeout(60000)
page.on('console', message => {
  if (/Content Security Policy|Refused to/.test(message.text())) found.policy.push(message.text())
})
page.on('dialog', dialog => {
  found.alerts += 1
  void dialog.dismiss()
})
page.on('pageerror', error => found.policy.push(String(error)))

async function judge(name) {
  await page.evaluate(axe)
  const faults = await page.evaluate(async () => {
    const result = await window.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
    return result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`)
  })
  found.axeRuns += 1
  found.axe.push(...faults.map(fault => `${name}: ${fault}`))
}

async function inEveryLook(name) {
  for (const language of ['nb', 'nn', 'en']) {
    for (const theme of ['light', 'dark']) {
      await page.locator('.choices select').nth(0).selectOption(language)
      await page.locator('.choices select').nth(1).selectOption(theme)
      await settled()
      if (await page.locator('html').getAttribute('lang') !== language) found.axe.push(`${name}: not in ${language}`)
      await judge(`${name} ${language} ${theme}`)
    }
  }
  await page.locator('.choices select').nth(0).selectOption('nb')
  await page.locator('.choices select').nth(1).selectOption('light')
  await settled()
}

const settled = async () => {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => document.querySelector('[data-screen=searching]') === null)
}

/** By the keyboard alone: Tab until the focus is there. */
async function tabTo(selector) {
  for (let i = 0; i < 60; ++i) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

const state = () => page.locator('dd[data-state]').getAttribute('data-state')
const untilState = wanted => page.locator(`dd[data-state=${wanted}]`).waitFor()

async function actByKeyboard(label, wanted) {
  const buttons = page.locator('.acts button')
  for (let i = 0; i < 60; ++i) {
    const text = await page.evaluate(() => document.activeElement?.closest('.acts') ? document.activeElement.textContent : '')
    if (text === label) break
    await page.keyboard.press('Tab')
  }
  if (await page.evaluate(() => document.activeElement?.textContent) !== label) throw new Error(`no act ${label}: ${await buttons.allTextContents()}`)
  await page.keyboard.press('Enter')
  await page.keyboard.type('prøvd med tastatur')
  await page.keyboard.press('Enter')
  await untilState(wanted)
}

try {
  // Signed in by the keyboard alone.
  await page.goto(`${task.url}/console/`)
  await settled()
  await inEveryLook('sign-in')
  await page.reload()
  await settled()
  await tabTo('input[name=name]')
  await page.keyboard.type(task.account.name)
  await page.keyboard.press('Tab')
  await page.keyboard.type(task.account.password)
  await page.keyboard.press('Tab')
  await page.keyboard.type(codeOf(task.account.secret))
  await page.keyboard.press('Enter')
  await page.locator('nav').waitFor()
  await settled()
  found.steps.flow = await page.locator('table').first().innerText()
  await page.locator('svg.flow').waitFor()
  await inEveryLook('flow')

  // From the flow to the messages behind a figure, all of them, page after page: nothing in them comes alive.
  await tabTo('main .figure')
  await page.keyboard.press('Enter')
  await settled()
  await page.locator('tbody tr').first().waitFor()
  await inEveryLook('messages')
  found.steps.titles = []
  for (let i = 0; i < 20; ++i) {
    found.steps.titles.push(...await page.locator('tbody td:nth-of-type(2)').allTextContents())
    const next = page.locator('.pages button', {hasText: 'Neste side'})
    if (await next.count() === 0) break
    await next.click()
    await settled()
  }

  // One message: hostile in every field, live, and mended by the keyboard.
  await page.goto(`${task.url}/console/#/messages/${task.message}`)
  await settled()
  await page.locator('.timeline li').first().waitFor()
  found.steps.message = await page.locator('main').innerText()
  await inEveryLook('message')
  await actByKeyboard('Hold tilbake', 'held')
  await page.locator('.timeline', {hasText: 'prøvd med tastatur'}).waitFor()
  await actByKeyboard('Slipp fri', 'queued')
  await actByKeyboard('Kanseller', 'cancelled')
  found.steps.timeline = await page.locator('.timeline').innerText()
  found.alive = await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive)

  // Four screens that are not mixed up.
  const screenAt = async (name, change) => {
    await change()
    await page.locator(`[data-screen=${name}]`).first().waitFor()
    found.steps[name] = await page.locator(`[data-screen=${name}]`).first().innerText()
    await judge(name)
  }
  const search = '**/admin/v1/messages/search'
  const again = async () => {
    await page.goto(`${task.url}/console/#/flow`)
    await settled()
    await page.goto(`${task.url}/console/#/messages`)
  }
  await again()
  await settled()
  await screenAt('empty', async () => {
    await page.locator('select[name=by]').selectOption('reference')
    await page.locator('input[name=value]').fill('finnes ikke')
    await page.locator('form.search button').click()
  })
  let open
  const gate = new Promise(resolve => { open = resolve })
  await page.route(search, async route => {
    await gate
    await route.continue()
  })
  await screenAt('searching', again)
  open()
  await settled()
  await page.unroute(search)
  await page.route(search, route => route.fulfill({
    status: 503, contentType: 'application/problem+json', body: JSON.stringify({code: 'x', title: 'Lageret svarer ikke', status: 503}),
  }))
  await screenAt('failed', again)
  await page.unroute(search)
  await page.route(search, route => route.fulfill({
    status: 403, contentType: 'application/problem+json', body: JSON.stringify({code: 'session.not_allowed', title: 'Ikke lov', status: 403}),
  }))
  await screenAt('forbidden', again)
  await page.unroute(search)

  // Half the width, as with 200 % zoom: nothing is wider than the page but tables, which scroll by themselves.
  await page.setViewportSize({width: 683, height: 384})
  await page.goto(`${task.url}/console/#/flow`)
  await settled()
  found.steps.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (task.pictures) {
    await page.setViewportSize({width: 1366, height: 768})
    for (const [name, hash] of [['flow', '#/flow'], ['messages', '#/messages'], ['message', `#/messages/${task.message}`]]) {
      await page.goto(`${task.url}/console/${hash}`)
      await settled()
      await page.screenshot({path: `${task.pictures}/${name}.png`})
    }
  }
  const entry = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1)
  found.steps.firstPaint = entry
  await page.locator('button', {hasText: 'Logg ut'}).click()
  await page.locator('form.sign-in').waitFor()
} catch (error) {
  found.error = `${error.stack}\n${await page.locator('body').innerText().catch(() => '')}`
}
await browser.close()
console.log(JSON.stringify(found))
