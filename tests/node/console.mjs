// The console in Debian's Chromium, as a person at the keyboard meets it. What to do stands in one JSON object on standard
// input; what was found is one on standard output. axe-core judges accessibility; oathtool makes the one-time codes.
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {chromium} from 'playwright-core'
import {mend} from './console_mending.mjs'
import {approveByKeyboard, askForSecond} from './console_approvals.mjs'

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
  if (!request.url().replace(/^blob:/, '').startsWith(task.url)) found.foreign.push(request.url())
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

/** `open` is done again in each look: another language is another page. */
async function inEveryLook(name, open = async () => {}) {
  for (const language of ['nb', 'nn', 'en']) {
    for (const theme of ['light', 'dark']) {
      await page.locator('.choices select').nth(0).selectOption(language)
      await page.locator('.choices select').nth(1).selectOption(theme)
      await settled()
      await open()
      if (await page.locator('html').getAttribute('lang') !== language) found.axe.push(`${name}: not in ${language}`)
      await judge(`${name} ${language} ${theme}`)
    }
  }
  await page.locator('.choices select').nth(0).selectOption('nb')
  await page.locator('.choices select').nth(1).selectOption('light')
  await settled()
  await open()
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

const signIn = async account => {
  await page.goto(`${task.url}/console/`)
  await page.locator('input[name=name]').fill(account.name)
  await page.locator('input[name=password]').fill(account.password)
  await page.locator('input[name=code]').fill(codeOf(account.secret))
  await page.keyboard.press('Enter')
  await page.locator('nav').waitFor()
  await settled()
}
const signOut = async () => {
  await page.locator('button', {hasText: 'Logg ut'}).click()
  await page.locator('form.sign-in').waitFor()
}
const go = async hash => {
  await page.goto(`${task.url}/console/${hash}`)
  await settled()
}

/** Away from a page, and it is gone: two changes of the address at once would be none. */
const leaveFor = async hash => {
  await page.goto(`${task.url}/console/${hash}`)
  await drawn()
}
const drawn = () => page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))))

/** A page that waits for an answer, has none, may not and cannot: four screens, of this page too. */
async function fourScreens(name, hash, pattern, empty, elsewhere = '#/nowhere', open = async () => {}) {
  const answers = {
    empty: {status: 200, contentType: 'application/json', body: JSON.stringify(empty)},
    failed: {status: 503, contentType: 'application/problem+json', body: JSON.stringify({code: 'x', title: 'Lageret svarer ikke', status: 503})},
    forbidden: {status: 403, contentType: 'application/problem+json', body: JSON.stringify({code: 'session.not_allowed', title: 'Ikke lov', status: 403})},
  }
  const seen = []
  for (const screen of ['empty', 'searching', 'failed', 'forbidden']) {
    let answer = () => {}
    const gate = new Promise(resolve => { answer = resolve })
    await leaveFor(elsewhere)
    await page.route(pattern, async route => {
      if (screen !== 'searching') return route.fulfill(answers[screen])
      await gate
      return route.continue().catch(() => {})   // the page has gone on
    })
    await page.goto(`${task.url}/console/${hash}`)
    await open()
    await page.locator(`main [data-screen=${screen}]`).first().waitFor()
    seen.push(await page.locator(`main [data-screen=${screen}]`).first().innerText())
    answer()
    await page.unroute(pattern)
  }
  await leaveFor('#/nowhere')
  found.steps.screens = {...found.steps.screens, [name]: seen}
}

const aNumber = /^\d{4}-\d\d-\d\dT/
const chosen = ['id', 'owner', 'state', 'severity', 'act', 'tenant', 'use', 'do', 'fingerprint']     // of words that are ours

/** Every word of it that others may have written says this. */
function soaked(value, text) {
  if (typeof value === 'string') return aNumber.test(value) ? value : text
  if (Array.isArray(value)) return value.map(one => soaked(one, text))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, chosen.includes(name) ? one : soaked(one, text)]))
}

/** What the server has of a list, once for each hostile text, in every field of it: all is shown, and nothing comes alive. */
async function drowned(name, hash, pattern, open = async () => {}) {
  if (task.pictures) return
  let taught = 0
  await leaveFor('#/nowhere')
  await page.route(pattern, async route => {
    if (/event-stream/.test(route.request().headers().accept ?? '')) return route.continue()
    const response = await route.fetch()
    const whole = await response.json()
    const [first] = whole.items
    if (first === undefined) return route.fulfill({response, json: whole})
    taught += 1
    const items = task.texts.map((text, i) => {
      const one = soaked(first, text)
      return 'id' in first ? {...one, id: `${first.id.slice(0, -3)}${i.toString(16).padStart(3, '0')}`} : one
    })
    await route.fulfill({response, json: {...whole, items, next: null}})
  })
  await page.goto(`${task.url}/console/${hash}`)
  await settled()
  await open()
  const last = task.texts.at(-1)
  await page.waitForFunction(text => document.querySelector('main').textContent.includes(text), last).catch(() => {})
  const shown = await page.locator('main').textContent()
  await drawn()
  found.steps.drowned = {...found.steps.drowned, [name]: {
    taught,
    missing: task.texts.filter(text => !shown.includes(text)).length,
    alive: await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive),
    obeyed: await page.locator('main a:not([href^="#/"]):not([href^="/admin/v1/"])').count(),
  }}
  await page.unrouteAll({behavior: 'wait'})   // a list that is asked for once more just now is answered by whom it was asked of
  await leaveFor('#/nowhere')
}

let clicks = 0
const click = locator => (clicks += 1, locator.click())

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
  if (task.pictures) await page.screenshot({path: `${task.pictures}/sign_in.png`})
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
  await page.locator('.chart canvas').waitFor()
  await inEveryLook('flow')
  // Thirty days by hour: drawn at once, read by the keyboard, and the same in the table by day.
  await page.locator('select[name=span]').selectOption('month')
  await page.locator('table', {hasText: 'Trafikk per dag'}).waitFor()
  found.steps.history = await page.locator('table', {hasText: 'Trafikk per dag'}).innerText()
  found.steps.summary = await page.locator('.chart figcaption').innerText()
  await tabTo('.chart .plot')
  await page.keyboard.press('End')
  await page.locator('.readout', {hasText: 'Mottatt fra fagsystem'}).waitFor()
  found.steps.readout = await page.locator('.readout').innerText()
  await page.keyboard.press('ArrowLeft')
  await page.waitForFunction(before => document.querySelector('.readout').textContent !== before, found.steps.readout)
  found.steps.drawn = await page.evaluate(() => {
    const canvas = document.querySelector('.chart canvas')
    const seen = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
    return seen.some((value, index) => index % 4 === 3 && value > 0)
  })
  await page.locator('select[name=system]').selectOption({index: 1})
  await settled()
  await page.locator('.chart canvas').waitFor()
  await judge('history')
  await fourScreens('flow', '#/flow', /\/admin\/v1\/flow\?/, {
    at: '2026-01-01T00:00:00Z', recentSince: '2026-01-01T00:00:00Z', ways: [], more: [], systems: [],
  }, '#/messages')
  await go('#/flow')
  await page.locator('.chart canvas').waitFor()
  if (task.pictures) await page.screenshot({path: `${task.pictures}/history.png`, fullPage: true})
  await fourScreens('history', '#/flow', '**/admin/v1/flow/history?*', {
    step: 'hour', from: '2026-01-01T00:00:00Z', countedSince: null, ways: [], waysLeftOut: 0,
    figures: Object.fromEntries(task.figures.map(one => [one, [0]])), totals: Object.fromEntries(task.figures.map(one => [one, 0])),
  }, '#/messages')
  await go('#/flow')

  // A box of the picture by the keyboard, too: it has a name, and leads to messages that are there.
  await tabTo('svg.flow a.node')
  found.steps.box = await page.evaluate(() => document.activeElement.querySelector(':scope > title').textContent)
  await page.keyboard.press('Enter')
  await settled()
  await page.locator('main tbody tr').first().waitFor()
  await go('#/flow')
  // From the flow to the messages behind a figure, all of them, page after page: nothing in them comes alive.
  await tabTo('main .figure')
  await page.keyboard.press('Enter')
  await settled()
  await page.locator('tbody tr').first().waitFor()
  await inEveryLook('messages')
  // Titles only when it is said what for; that, too, is hostile.
  found.steps.closed = await page.locator('main').innerText()
  await page.locator('[data-content=closed] button').click()
  await page.keyboard.type(task.purpose)
  await page.keyboard.press('Enter')
  await page.locator('[data-content=open]').waitFor()
  await settled()
  found.steps.titles = []
  for (let i = 0; i < 20; ++i) {
    found.steps.titles.push(...await page.locator('tbody td:nth-of-type(2)').allTextContents())
    const next = page.locator('.pages button', {hasText: 'Neste side'})
    if (await next.count() === 0) break
    await next.click()
    await settled()
  }

  // All of them once more, in every field of one message that others write: names of documents, what components said, who and why.
  await go(`#/messages/${task.hostile}`)
  await page.locator('.timeline li').nth(found.steps.titles.length > 100 ? 200 : 1).waitFor()
  found.steps.documents = await page.locator('.facts li').allTextContents()
  found.steps.lines = await page.locator('.timeline li').allTextContents()

  // One message: hostile in every field, live, and mended by the keyboard.
  await page.goto(`${task.url}/console/#/messages/${task.message}`)
  await settled()
  await page.locator('.timeline li').first().waitFor()
  found.steps.message = await page.locator('main').innerText()
  await inEveryLook('message')
  // Its evidence, saved as a file.
  await page.locator('[data-evidence] button').first().click()
  await judge('evidence')
  await page.locator('[data-evidence=asking] input[name=why]').fill('klage 2026/17')
  const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('[data-evidence=asking] button.main').click()])
  found.steps.evidence = [saved.suggestedFilename(), readFileSync(await saved.path()).subarray(0, 4).toString('latin1')]
  await actByKeyboard('Hold tilbake', 'held')
  await page.locator('.timeline', {hasText: 'prøvd med tastatur'}).waitFor()
  await actByKeyboard('Slipp fri', 'queued')
  await actByKeyboard('Kanseller', 'cancelled')
  found.steps.timeline = await page.locator('.timeline').innerText()
  found.alive = await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive)
  await askForSecond(page, judge)

  await mend({task, found, page, go, judge, inEveryLook, fourScreens, drowned, tabTo, state, untilState, actByKeyboard})

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

  // A group that fails, from anywhere to its new attempt in three clicks; paused and let on; followed to its end.
  await go('#/failures')
  found.steps.failures = await page.locator('main').innerText()
  await page.locator('.card h3').first().waitFor()
  await inEveryLook('failures')
  if (task.pictures) await page.screenshot({path: `${task.pictures}/failures.png`, fullPage: true})
  await fourScreens('failures', '#/failures', '**/admin/v1/failures?*', {items: [], total: 0})
  await drowned('failures', '#/failures', '**/admin/v1/failures?*')
  await go('#/flow')
  clicks = 0
  await click(page.locator('nav a', {hasText: 'Feil'}))
  await click(page.locator('.card button.main').first())
  await page.locator('.preview input[name=why]').waitFor()
  found.steps.preview = await page.locator('.preview').innerText()
  await judge('preview')
  await page.keyboard.type('tilgangen er rettet')
  await click(page.locator('.preview button.main'))
  found.steps.clicks = clicks
  await page.locator('[data-retry=running]').waitFor()
  await page.locator('[data-retry=running] button', {hasText: 'Pause'}).click()
  await page.keyboard.type('ser etter')
  await page.keyboard.press('Enter')
  await page.locator('[data-retry=paused]').waitFor()
  await inEveryLook('retry')
  await page.locator('a', {hasText: 'Vis meldingene'}).first().click()
  await settled()
  await page.locator('main tbody tr').first().waitFor()
  await inEveryLook('group')
  if (task.pictures) await page.screenshot({path: `${task.pictures}/group.png`, fullPage: true})
  await fourScreens('group', page.url().replace(/.*#/, '#'), '**/admin/v1/failures/*/messages?*', {
    group: 'x', tenant: '310001007', type: 'letter/v1', count: 0, oldest: '', newest: '', retryable: false, items: [], next: null,
    cause: {id: 'x', title: 'x', detail: '', action: '', owner: 'us', press: {do: 'retry', title: 'x', detail: '', action: ''}},
  })
  await go('#/failures')
  await page.locator('[data-retry=paused] button', {hasText: 'Fortsett'}).click()
  await page.keyboard.type('videre')
  await page.keyboard.press('Enter')
  await page.locator('[data-retry=done]').waitFor()
  found.steps.retried = await page.locator('[data-retry=done]').innerText()
  await page.locator('main [data-screen=empty]').waitFor()
  found.alive += await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive)
  await signOut()

  // The doctor, for who may: one connection is well, the other's name is never found.
  await signIn(task.operator)
  found.steps.approval = await approveByKeyboard({task, page, go, tabTo, inEveryLook, fourScreens, drowned})
  await fourScreens('doctor', '#/doctor', '**/admin/v1/connections', {items: []})
  await go('#/doctor')
  await page.locator('button.main', {hasText: 'Undersøk alt'}).click()
  found.steps.examining = await page.locator('[data-screen=searching]').first().innerText()
  await settled()
  await page.locator('[data-finding=red]').first().waitFor()
  found.steps.doctor = await page.locator('main').innerText()
  if (task.pictures) await page.screenshot({path: `${task.pictures}/doctor.png`, fullPage: true})
  await judge('doctor')
  await page.locator('.choices select').nth(1).selectOption('dark')
  await judge('doctor dark')
  await page.locator('.choices select').nth(1).selectOption('light')
  await inEveryLook('doctor')
  await page.setViewportSize({width: 683, height: 384})
  found.steps.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await page.setViewportSize({width: 1366, height: 768})

  await signOut()

  // Every other page, with an account that may see it: in every look, and its four screens.
  for (const [account, pages] of [[task.administrator, [
    ['adapters', '**/admin/v1/adapters?*', {items: []}],
    ['systems', '**/admin/v1/systems?*', {items: []}],
    ['certificates', '**/admin/v1/certificates?*', {items: []}],
    ['configuration', '**/admin/v1/config/history', {items: [], inForce: 0}],
    ['benefits', '**/admin/v1/statistics?*', {items: []}],
    ['alarms', '**/admin/v1/alarms?*', {items: [], next: null}],
    ['audit', '**/admin/v1/audit?*', {items: [], next: null}],
  ]], [task.officer, [['reuse', '**/admin/v1/statistics/records?*', {since: '', items: []}]]]]) {
    await signIn(account)
    for (const [name, pattern, empty] of pages) {
      await go(`#/${name}`)
      found.steps[name] = await page.locator('main').innerText()
      if (task.pictures) await page.screenshot({path: `${task.pictures}/${name}.png`, fullPage: true})
      await inEveryLook(name)
      await fourScreens(name, `#/${name}`, pattern, empty)
      if (['systems', 'certificates', 'alarms', 'audit'].includes(name)) await drowned(name, `#/${name}`, pattern)
    }
    if (account === task.administrator) {
      await go('#/alarms')
      await page.locator('.card button', {hasText: 'Jeg tar den'}).first().click()
      await page.keyboard.type('Digdir er varslet')
      await page.keyboard.press('Enter')
      await page.locator('dd', {hasText: 'Digdir er varslet'}).waitFor()
      await page.locator('.card a', {hasText: 'Gå dit det rettes'}).first().click()
      await page.locator('h1', {hasText: 'Undersøk'}).waitFor()
      await fourScreens('webhooks', '#/systems', '**/admin/v1/webhooks?*', {items: []})
      await go('#/systems')
      await page.locator('[data-webhook=off] button', {hasText: 'Slå på'}).click()
      await judge('webhook')
      await page.keyboard.type('adressen svarer igjen')
      await page.keyboard.press('Enter')
      await page.locator('[data-webhook=on]', {hasText: 'byggesak'}).waitFor()
      await page.locator('button', {hasText: 'Lag en nøkkel'}).click()
      await page.locator('input[name=why]').fill('nytt fagsystem')
      await page.locator('button.main', {hasText: 'Lag en nøkkel'}).click()
      found.steps.key = await page.locator('code.secret').innerText()
      await judge('key')
      await page.locator('button', {hasText: 'Trekk tilbake'}).first().click()
      await page.keyboard.type('ikke i bruk')
      await page.keyboard.press('Enter')
      await page.locator('td', {hasText: 'trukket tilbake'}).first().waitFor()
      await go('#/configuration')
      await page.locator('p.search select').nth(1).selectOption({index: 2})
      await page.locator('.source .gone').first().waitFor()
      found.steps.diff = await page.locator('.source').innerText()
      await judge('diff')
    } else {
      await go('#/reuse')
      await page.locator('button', {hasText: 'Kontroller loggen'}).click()
      await page.locator('.card', {hasText: 'Loggen er som den ble skrevet'}).waitFor()
      await judge('log')
      // Who has read what: for a purpose.
      const entries = page.locator('section[aria-labelledby=entries]')
      const read = async () => {
        await entries.locator('input[name=why]').fill('tilsyn 2026/4')
        await entries.locator('button.main').click()
        await entries.locator('tbody tr').first().waitFor()
      }
      await inEveryLook('log entries', read)
      if (task.pictures) await page.screenshot({path: `${task.pictures}/access_log.png`, fullPage: true})
      await drowned('log entries', '#/reuse', '**/admin/v1/log/entries', read)
    }
    found.alive += await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive)
    if (account === task.administrator) await signOut()
  }
  await signOut()

  // Each role is led to its pages, and told no where it goes by itself.
  found.steps.menus = {}
  for (const [role, account] of Object.entries(task.roles)) {
    await signIn(account)
    const menu = await page.locator('nav a').evaluateAll(links => links.map(link => link.getAttribute('href').replace('#/', '')))
    for (const other of task.pages.filter(name => !menu.includes(name))) {
      const before = await page.title()
      await page.goto(`${task.url}/console/#/${other}`)
      await page.waitForFunction(title => document.title !== title, before)
      await page.locator('main [data-screen=forbidden]').first().waitFor()
    }
    found.steps.menus[role] = menu
    if (role !== 'part') {
      await signOut()
      continue
    }
    // Of a part of the municipality: one of its systems is always asked about.
    await page.locator('nav a', {hasText: 'Meldinger'}).click()
    await settled()
    found.steps.part = await page.locator('select[name=system] option').allTextContents()
    found.steps.ofPart = await page.locator('main tbody td').allTextContents()
    await go('#/flow')
    await page.locator('section[aria-labelledby=history] select[name=system]').waitFor()
    found.steps.partFailed = await page.locator('main [data-screen=failed], main [data-screen=forbidden]').count()
    await judge('flow of a part')
    await signOut()
  }
  await signIn(task.auditor)

  // Half the width, as with 200 % zoom: nothing is wider than the page but tables, which scroll by themselves.
  await page.setViewportSize({width: 683, height: 384})
  for (const hash of [...task.pages.map(name => `#/${name}`), `#/messages/${task.message}`]) {
    await go(hash)
    found.steps.overflow = Math.max(found.steps.overflow, await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
  }
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
  await signOut()
} catch (error) {
  found.error = `${error.stack}\n${await page.locator('body').innerText().catch(() => '')}`
}
await browser.close()
console.log(JSON.stringify(found))
