import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openDashboard } from './dashboard/open-dashboard.ts'
import { learningRoutes, learningState } from './learning/learning-api.ts'
import { skipWithoutBrowser, untilThereAre } from './support/browser.ts'

const options = { skip: skipWithoutBrowser }

async function openLearning(context: TestContext) {
  const learning = learningState()
  return { learning, ...(await openDashboard(context, learningRoutes(learning))) }
}

test('versions stand as a family with stages and aliases, and any two are compared', options, async (context) => {
  const { open, faults } = await openLearning(context)
  const page = await open('/models?bot=after-dark')
  const tree = page.getByRole('list', { name: 'Versions of after-dark' })
  await tree.getByRole('listitem').nth(3).waitFor()
  const rows = await tree.getByRole('listitem').allInnerTexts()
  assert.equal(rows.length, 4)
  for (const part of ['Live', 'champion', 'baseline', 'the first of its line']) assert.ok(rows[0]?.includes(part), part)
  assert.ok(rows.some((row) => row.includes('Canary 50 %') && row.includes('challenger')))
  assert.ok(rows.some((row) => row.includes('rolled back')))
  await page.getByRole('combobox', { name: 'Champion' }).click()
  await page.getByRole('option', { name: 'head version 1' }).click()
  await page.getByRole('link', { name: 'Compare' }).click()
  await page.getByRole('heading', { name: 'after-dark: version 4 beside version 1' }).waitFor()
  await page.getByRole('group', { name: 'Confusion matrix of Version 4' }).waitFor()
  await untilThereAre(2, page.getByRole('list', { name: 'Fixed' }).getByRole('img'))
  await page.getByRole('list', { name: 'Broke' }).getByText('People say: an engineer').waitFor()
  assert.deepEqual(faults, [])
})

test(
  'a version shows its figures, gates, data and card, and the card’s markup is only text',
  options,
  async (context) => {
    const { open, faults } = await openLearning(context)
    const page = await open('/models/after-dark/3')
    await page.getByRole('group', { name: 'Confusion matrix' }).waitFor()
    await page
      .getByRole('img', { name: /^Reliability: said 55 %, right 52 %/ })
      .locator('svg')
      .waitFor()
    await page
      .getByRole('img', { name: /^Risk and coverage: asking nobody 16 % are wrong/ })
      .locator('svg')
      .waitFor()
    await page.getByRole('group', { name: 'Gates' }).getByText('12 of 12 golden examples right.').waitFor()
    await page.getByRole('link', { name: 'Export the dataset as JSON lines' }).waitFor()
    const card = page.getByRole('region', { name: 'Card' })
    await card.getByText('<script>alert(1)</script>').waitFor()
    await card.getByRole('link', { name: 'drawings' }).waitFor()
    assert.equal(await card.getByRole('link', { name: 'photographs' }).count(), 0)
    await untilThereAre(2, card.locator('ol > li'))
    assert.deepEqual(faults, [])
  },
)

test('a replay is started, shows how far it is, and then its report', options, async (context) => {
  const { open, learning, faults } = await openLearning(context)
  learning.replay = 'running'
  const page = await open('/models/after-dark/3')
  await page.getByRole('button', { name: 'Start a replay' }).click()
  await page.getByText('40 of 128 recorded requests are played.').waitFor()
  learning.replay = 'done'
  await page.getByRole('heading', { name: 'Replay of after-dark version 3 beside version 1' }).waitFor()
  await page.getByText('the champion repeats itself in 100 %').waitFor()
  await untilThereAre(4, page.getByRole('list', { name: 'Where they differ' }).locator('> li'))
  await page.getByText('1,300 older ones, because the newest are played; 4 that were prepared by other rules').waitFor()
  await page.getByText('After 2 earlier messages in its conversation.').waitFor()
  const [asked] = learning.asked
  assert.equal(asked?.path, '/api/replays')
  assert.ok(Date.parse((asked.body as { since: string }).since) < Date.now() - 6 * 24 * 60 * 60_000)
  assert.deepEqual(faults, [])
})

test('an unknown version, and an address that names none, are said in words', options, async (context) => {
  const { open } = await openLearning(context)
  const page = await open('/models/after-dark/99')
  await page.getByRole('alert').getByText('There is no such version').waitFor()
  await page.goto(new URL('/models/after-dark/not-a-number', page.url()).href)
  await page.getByRole('alert').getByText('There is no such version').waitFor()
})
