import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { openDashboard } from './dashboard/open-dashboard.ts'
import { learningRoutes, learningState } from './learning/learning-api.ts'
import { skipWithoutBrowser } from './support/browser.ts'

const options = { skip: skipWithoutBrowser }

async function openLearning(context: TestContext) {
  const learning = learningState()
  return { learning, ...(await openDashboard(context, learningRoutes(learning))) }
}
/** A person looks at a question for longer than this before a key. */
const momentMs = 400
/** Presses 2 in the moment in which the second question is shown; as text, because tests know no types of a page. */
const pressWithNext = `new MutationObserver((_changes, observer) => {
  if (!document.body.innerText.includes('The grid scrolls twice.')) return
  observer.disconnect()
  window.dispatchEvent(new KeyboardEvent('keydown', { key: '2' }))
}).observe(document.body, { childList: true, subtree: true, characterData: true })`
const items = (page: Page) => page.getByRole('list', { name: 'Corrections' }).locator('> li')
const dialog = (page: Page) => page.getByRole('alertdialog')

test('corrections show how far the next retrain is, who voted how, and what is withheld', options, async (context) => {
  const { open, faults } = await openLearning(context)
  const page = await open('/corrections')
  await page.getByRole('progressbar', { name: 'after-dark: 7 of 20 corrections' }).waitFor()
  await page.getByText('7 of 20 corrections, next check Monday 06:00 UTC').waitFor()
  await page.getByText('Retrain 4 is running.').waitFor()
  const words = await items(page).first().innerText()
  for (const part of ['People disagree', 'an engineer (73 %)', 'a reviewer by command', 'Can’t tell'])
    assert.ok(words.includes(part), `${part} is missing in ${words}`)
  await page.getByText('Moderation keeps this picture back.').waitFor()
  await page.getByText('Who looks after the <b>date picker</b>?').waitFor()
  assert.deepEqual(faults, [])
})

test(
  'a reviewer settles a conflict with a label, and takes back what was learned with a reason',
  options,
  async (context) => {
    const { open, learning, faults } = await openLearning(context)
    const page = await open('/corrections')
    await items(page).first().getByRole('button', { name: 'Accept' }).click()
    await dialog(page).getByRole('combobox', { name: 'It is' }).click()
    await page.getByRole('option', { name: 'an engineer', exact: true }).click()
    // Accepting is a vote, and votes keep no reason.
    assert.equal(await dialog(page).getByRole('textbox').count(), 0)
    await dialog(page).getByRole('button', { name: 'Accept' }).click()
    await dialog(page).waitFor({ state: 'hidden' })
    const learned = items(page).nth(2)
    await learned.getByText('It was learned from.').waitFor()
    assert.equal(await learned.getByRole('button', { name: 'Reject' }).count(), 0)
    await learned.getByRole('button', { name: 'Take back' }).click()
    assert.ok(await dialog(page).getByRole('button', { name: 'Take back' }).isDisabled())
    await dialog(page).getByRole('textbox', { name: 'Reason' }).fill('a joke')
    await dialog(page).getByRole('button', { name: 'Take back' }).click()
    await learned.getByText('Taken back', { exact: true }).waitFor()
    assert.deepEqual(
      learning.asked.map(({ body }) => body),
      [
        { decision: 'accept', label: 'engineer' },
        { decision: 'revoke', reason: 'a joke' },
      ],
    )
    assert.deepEqual(faults, [])
  },
)

test('an accepted correction can be taught now, which is said to be a demonstration', options, async (context) => {
  const { open, learning } = await openLearning(context)
  const page = await open('/corrections?state=accepted')
  await items(page).first().getByRole('button', { name: 'Teach it now' }).click()
  await dialog(page).getByText('thresholds for a demonstration').waitFor()
  await dialog(page).getByRole('button', { name: 'Teach it now' }).click()
  await page.getByText('It was asked for.').waitFor()
  assert.deepEqual(learning.asked, [{ path: '/api/bots/after-dark/retrain', body: { demo: true } }])
})

test('whoever may only look reads corrections and decides nothing', options, async (context) => {
  const { open, state } = await openLearning(context)
  state.role = 'viewer'
  const page = await open('/corrections')
  await items(page).first().waitFor()
  assert.equal(await page.getByRole('button', { name: /Accept|Reject|Quarantine|Take back|Teach/ }).count(), 0)
  await page.goto(new URL('/label', page.url()).href)
  await page.getByText('Labels are for reviewers').waitFor()
  await page.goto(new URL('/schedules', page.url()).href)
  await page.getByRole('region', { name: 'after-dark' }).waitFor()
  assert.equal(await page.getByRole('button', { name: /Pause|Check/ }).count(), 0)
})

test('a filter without a hit, and a bot without corrections, are said in words', options, async (context) => {
  const { open, learning } = await openLearning(context)
  const page = await open('/corrections?state=rejected')
  await page.getByText('No correction is like that').waitFor()
  learning.corrections = []
  await page.goto(new URL('/corrections', page.url()).href)
  await page.getByText('Nobody has corrected an answer yet').waitFor()
})

test('questions are labelled with one key each, undone with U, and end in words', options, async (context) => {
  const { open, learning, faults } = await openLearning(context)
  const page = await open('/label')
  await page.getByRole('img', { name: 'The picture to label' }).waitFor()
  const words = await page.getByRole('main').innerText()
  assert.ok(!/champion|challenger|version \d/i.test(words), `it tells who said what: ${words}`)
  await page.waitForTimeout(momentMs)
  await page.keyboard.press('2')
  await page.getByText('The grid scrolls twice.').waitFor()
  await page.waitForTimeout(momentMs)
  await page.keyboard.press('9')
  await page.keyboard.press('0')
  await page.getByText('No question is open').waitFor()
  await page.keyboard.press('u')
  await page.getByText('The grid scrolls twice.').waitFor()
  await page.getByRole('button', { name: 'the data grid team' }).click()
  await page.getByText('No question is open').waitFor()
  assert.deepEqual(learning.asked.map(({ body }) => body).filter(Boolean), [
    { label: 'not-engineer' },
    { label: null },
    { label: 'data-grid' },
  ])
  assert.deepEqual(faults, [])
})

test(
  'a question stays until it is answered, and a key that comes with the next one is not for it',
  options,
  async (context) => {
    const { open, learning, tell, faults } = await openLearning(context)
    const [first, second] = learning.questions
    assert.ok(first && second)
    const page = await open('/label')
    await page.getByRole('img', { name: 'The picture to label' }).waitFor()
    learning.questions = [second, first]
    const asked = page.waitForResponse((response) => response.url().includes('/api/labels'))
    tell('label', { id: second.id })
    await (await asked).finished()
    await page.waitForTimeout(momentMs)
    assert.equal(await page.getByText('The grid scrolls twice.').count(), 0)
    // In the moment in which the next question is there, the key of the one before comes a second time.
    await page.evaluate(pressWithNext)
    await page.getByRole('button', { name: 'not an engineer' }).click()
    await page.getByText('The grid scrolls twice.').waitFor()
    await page.waitForTimeout(momentMs)
    assert.deepEqual(
      learning.asked.map(({ body }) => body),
      [{ label: 'not-engineer' }],
    )
    assert.deepEqual(faults, [])
  },
)

test('a schedule is paused with a note, resumed and asked now; retrains tell their gates', options, async (context) => {
  const { open, learning, faults } = await openLearning(context)
  const page = await open('/schedules')
  const bot = page.getByRole('region', { name: 'after-dark' })
  await bot.getByText('5.4 h in the median').waitFor()
  await bot.getByText('The dataset has one label left.').waitFor()
  await bot.getByText('Gates: 6 passed, 0 failed, 1 without enough data').click()
  await bot.getByText('Not enough evidence: 3 held-out corrections, 25 are needed.').waitFor()
  await page.getByRole('progressbar', { name: 'Step 40 of 100, loss 0.313' }).waitFor()
  await page.getByRole('button', { name: 'Pause the schedule of after-dark' }).click()
  await dialog(page).getByRole('textbox', { name: 'Note' }).fill('holidays')
  await dialog(page).getByRole('button', { name: 'Pause' }).click()
  await bot.getByText('holidays').waitFor()
  await page.getByRole('button', { name: 'Resume the schedule of team-router' }).click()
  await page.getByRole('button', { name: 'Pause the schedule of team-router' }).waitFor()
  await page.getByRole('button', { name: 'Check after-dark now' }).click()
  await page.getByText('A retrain starts if there is enough to learn.').waitFor()
  await page.getByRole('button', { name: 'Stop retrain 4 of team-router' }).click()
  await dialog(page).getByText('what serves does not change').waitFor()
  await dialog(page).getByRole('button', { name: 'Stop it' }).click()
  await dialog(page).waitFor({ state: 'detached' })
  const change = '/api/bots/after-dark/schedule'
  assert.deepEqual(learning.asked, [
    { path: change, body: { action: 'pause', note: 'holidays' } },
    { path: '/api/bots/team-router/schedule', body: { action: 'resume' } },
    { path: change, body: { action: 'trigger' } },
    { path: '/api/bots/team-router/retrains/4/cancel', body: {} },
  ])
  assert.deepEqual(faults, [])
})
