// What a person mends, one at a time, as part of console.mjs: a message is corrected or goes another way, what lies in quarantine
// is settled.

/** As it looks when it was masked: in the world of this script nothing of it is. */
async function pictureOfExchanges(task, page, go, unfolded) {
  await page.route('**/attempts/*/exchanges', async route => {
    const response = await route.fetch()
    const whole = await response.json()
    Object.assign(whole.items[0].exchanges[0], {
      method: 'POST', url: 'https://platform.altinn.example/correspondence/api/v1/correspondence', milliseconds: 412, status: 503, failureText: undefined,
      request: {headers: [['Authorization', '***'], ['Content-Type', 'application/json']], body: {
        type: 'application/json', bytes: 874, text: JSON.stringify({correspondence: {resourceId: '***', content: {messageTitle: '***', messageBody: '***'}}, recipients: ['***']})}},
      response: {headers: [['Content-Type', 'application/problem+json'], ['Retry-After', '30']], body: {
        type: 'application/problem+json', bytes: 96, text: JSON.stringify({status: 503, title: '***', instance: '***'})}},
    })
    await route.fulfill({response, json: whole})
  })
  await go('#/nowhere')
  await go(`#/messages/${task.resent.unknown}`)
  await unfolded()
  await page.screenshot({path: `${task.pictures}/exchanges.png`, fullPage: true})
  await page.unroute('**/attempts/*/exchanges')
}

export async function mend({task, found, page, go, judge, inEveryLook, fourScreens, drowned, tabTo, state, untilState, actByKeyboard}) {
  // A held message corrected and sent: two presses, and the new one says what it stands for.
  await go(`#/messages/${task.edited}`)
  await actByKeyboard('Hold tilbake', 'held')
  await page.locator('[data-edit] button').first().click()
  await page.locator('[data-edit] [name=title]').waitFor()
  await judge('edit')
  await page.locator('[data-edit] [name=title]').fill('Rettet tittel')
  await page.locator('[data-edit] [name=why]').fill('feil tittel')
  await page.locator('[data-edit] button.main').click()
  await untilState('cancelled')
  await page.locator('[data-edit] [role=status] a').click()
  await page.locator('.facts', {hasText: 'Rettet tittel'}).waitFor()
  found.steps.corrected = await page.locator('.facts').innerText()

  // Another way: what may have arrived goes only when somebody says that it may come twice, and the server asks for that too.
  const wayOf = async id => {
    await go(`#/messages/${id}`)
    await page.locator('[data-resend] button', {hasText: 'Send en annen vei'}).click()
    await page.locator('[data-resend] select[name=way]').waitFor()
  }
  const sendThisWay = page.locator('[data-resend] button.main')
  await go(`#/messages/${task.resent.unknown}`)
  // What passed with the component in its attempt, hostile in every word.
  await tabTo('.exchanges > summary')
  await page.keyboard.press('Enter')
  await tabTo('.exchanges details summary')
  await page.keyboard.press('Enter')
  const unfolded = async () => {
    for (const fold of ['.exchanges', '.exchanges details']) {
      await page.locator(`${fold} > summary`).first().waitFor()
      if (await page.locator(fold).first().getAttribute('open') === null) await page.locator(`${fold} > summary`).first().click()
    }
    await page.locator('.exchanges pre').first().waitFor()
  }
  await inEveryLook('exchanges', unfolded)
  found.steps.exchangesSilent = await page.locator('.timeline .exchanges').first().getAttribute('aria-live')
  found.steps.exchanges = await page.locator('.exchanges').first().textContent()
  found.steps.exchangesAlive = await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive)
  await fourScreens('exchanges', `#/messages/${task.resent.unknown}`, '**/admin/v1/messages/*/attempts/*/exchanges', {items: []}, '#/nowhere',
    () => page.locator('.exchanges > summary').first().click())
  if (task.pictures) await pictureOfExchanges(task, page, go, unfolded)
  await wayOf(task.resent.unknown)
  const unsure = {
    said: await page.locator('[data-resend] [role=alert]').innerText(),
    ways: await page.locator('[data-resend] select[name=way] option').allTextContents(),
  }
  await judge('resend')
  await page.locator('[data-resend] input[name=why]').fill('mottakeren er ringt')
  await sendThisWay.click()
  unsure.sentUnsaid = await page.evaluate(() => document.querySelector('[data-resend] input[name=twice]').validity.valid)
  await page.evaluate(() => document.querySelector('[data-resend] input[name=twice]').removeAttribute('required'))
  await sendThisWay.click()
  await page.locator('[data-resend] [role=alert]').nth(1).waitFor()
  unsure.refused = await page.locator('[data-resend] [role=alert]').nth(1).innerText()
  await judge('resend refused')
  if (await state() !== 'held') throw new Error('it went although nobody said that it may come twice')
  await page.locator('[data-resend] input[name=twice]').check()
  await sendThisWay.click()
  await untilState('queued')
  await page.locator('.timeline', {hasText: 'mottakeren er ringt'}).waitFor()
  unsure.timeline = await page.locator('.timeline').innerText()
  found.steps.mayHaveArrived = unsure
  if (await page.locator('[data-resend]').count() > 0) throw new Error('it is on its way, and offered another')
  await wayOf(task.resent.failed)
  if (await page.locator('[data-resend] input[name=twice]').count() > 0) throw new Error('it cannot come twice')
  await page.locator('[data-resend] input[name=why]').fill('har ingen postkasse')
  await page.keyboard.press('Enter')
  await untilState('queued')
  await page.locator('.timeline', {hasText: 'har ingen postkasse'}).waitFor()
  found.steps.resent = await page.locator('main').innerText()

  // In quarantine: what is a message is given to the one system that may have it, what is none is settled.
  await go('#/quarantine')
  await page.locator('[data-quarantined]').nth(1).waitFor()
  found.steps.quarantine = await page.locator('main').innerText()
  if (task.pictures) await page.screenshot({path: `${task.pictures}/quarantine.png`, fullPage: true})
  await inEveryLook('quarantine')
  await drowned('quarantine', '#/quarantine', '**/admin/v1/quarantine?*')
  await go('#/quarantine')
  await page.locator('[data-quarantined="form/v1"] button.main').click()
  await judge('quarantine release')
  await page.keyboard.type('skjemaet hører til oss')
  await page.keyboard.press('Enter')
  await page.locator('[role=status]', {hasText: 'Gitt til byggesak.'}).waitFor()
  found.steps.settled = await page.locator('main').innerText()
  if (await page.locator('[data-quarantined=oddity] button.main').count() > 0) throw new Error('what is no message is given to systems')
  await page.locator('[data-quarantined=oddity] button', {hasText: 'Avslutt'}).click()
  await page.keyboard.type('en kvittering vi har fra før')
  await page.keyboard.press('Enter')
  await page.locator('main [data-screen=empty]').waitFor()
  found.steps.settled += await page.locator('main').innerText()
  await fourScreens('quarantine', '#/quarantine', '**/admin/v1/quarantine?*', {items: [], next: null})
  found.alive += await page.evaluate(() => window.__alive === undefined ? 0 : window.__alive)
}
