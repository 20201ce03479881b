// Of console.mjs: an act that needs a second person, asked for by one and approved by another.

/** Sent anew only when somebody else has approved it: said before it is asked for, and after. */
export async function askForSecond(page, judge) {
  await page.locator('section[aria-labelledby=acts] .acts button', {hasText: 'Prøv på nytt'}).click()
  await page.locator('.note', {hasText: 'en annen person må godkjenne'}).waitFor()
  await page.keyboard.type('kan sendes likevel')
  await page.keyboard.press('Enter')
  await page.locator('[data-waits]', {hasText: 'Ingenting er gjort ennå'}).waitFor()
  await judge('waits')
}

/** What waits, as it was shown to the second person, who approves it by the keyboard. */
export async function approveByKeyboard({task, page, go, tabTo, inEveryLook, fourScreens, drowned}) {
  const badge = page.locator('nav .badge', {hasText: 'venter på godkjenning'})
  await badge.waitFor()
  await go('#/approvals')
  await page.locator('[data-approval=asked]').waitFor()
  const shown = await page.locator('[data-approval=asked]').innerText()
  if (task.pictures) await page.screenshot({path: `${task.pictures}/approvals.png`, fullPage: true})
  await inEveryLook('approvals')
  await drowned('approvals', '#/approvals', '**/admin/v1/approvals?*')
  await go('#/approvals')
  await tabTo('[data-approval=asked] .acts button')
  await page.keyboard.press('Enter')
  await page.keyboard.type('enig')
  await page.keyboard.press('Enter')
  await page.locator('main [role=status]', {hasText: 'Gjort: Godkjenn'}).waitFor()
  await page.locator('main [data-screen=empty]').waitFor()
  await badge.waitFor({state: 'detached'})
  await fourScreens('approvals', '#/approvals', '**/admin/v1/approvals?*', {items: [], next: null})
  return shown
}
