import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { openDashboard } from './dashboard/open-dashboard.ts'
import { learningRoutes, learningState, withVerdict } from './learning/learning-api.ts'
import { evidenceId } from './learning/records/rollouts.ts'
import { phone, skipWithoutBrowser } from './support/browser.ts'

const options = { skip: skipWithoutBrowser }

async function openLearning(context: TestContext) {
  const learning = learningState()
  return { learning, ...(await openDashboard(context, learningRoutes(learning))) }
}
const reason = (page: Page) => page.getByRole('textbox', { name: 'Reason' })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test(
  'rollouts are listed with where they are, how they ended, and what is a demonstration',
  options,
  async (context) => {
    const { open, faults } = await openLearning(context)
    const page = await open('/rollouts')
    const going = page.getByRole('list', { name: 'On their way' })
    await going.getByText('Waits for approval', { exact: true }).waitFor()
    const ended = await page.getByRole('list', { name: 'Ended' }).innerText()
    for (const part of ['Rolled back', 'Demonstration', 'P95 2,410 ms beside'])
      assert.ok(ended.includes(part), `${part} is missing in ${ended}`)
    await going.getByRole('link', { name: 'after-dark version 3' }).click()
    await page.getByRole('heading', { name: 'Evidence card' }).waitFor()
    assert.deepEqual(faults, [])
  },
)

test(
  'a rollout shows its stages, the curve with its bound, the lights and all ten points',
  options,
  async (context) => {
    const { open, faults } = await openLearning(context)
    const page = await open('/rollouts/after-dark/3')
    const now = page.getByRole('list', { name: 'Stages' }).locator('[aria-current=step]')
    await now.getByText('Waits for approval').waitFor()
    await page.getByRole('img', { name: 'Evidence after 8 labelled disagreements: 3.6 of 20' }).locator('svg').waitFor()
    await page.getByRole('list', { name: 'Guards' }).first().getByText('(yellow): 3.3 %').waitFor()
    for (let point = 1; point <= 10; point += 1)
      await page.getByRole('heading', { level: 3, name: new RegExp(`^${point}\\. `) }).waitFor()
    const workflow = page.getByRole('link', { name: 'Workflow in the Temporal UI' })
    assert.match((await workflow.getAttribute('href')) ?? '', /rollout:after-dark:3$/)
    assert.deepEqual(faults, [])
  },
)

test('an inconclusive version is promoted only with a reason and an explicit override', options, async (context) => {
  const { open, learning, faults } = await openLearning(context)
  const page = await open('/rollouts/after-dark/3')
  await reason(page).waitFor()
  assert.ok(await button(page, 'Hold').isDisabled())
  await reason(page).fill('the churn list is good')
  assert.ok(await button(page, 'Promote').isDisabled())
  await page.getByRole('checkbox', { name: /Promote although the verdict is “Inconclusive”/ }).click()
  await button(page, 'Promote').click()
  await page.getByText('Promoted: it goes live').waitFor()
  const taken = page.getByRole('list', { name: 'Decisions' })
  await taken.getByText('the churn list is good').waitFor()
  await taken.getByText('override', { exact: true }).waitFor()
  assert.deepEqual(
    learning.asked.map(({ body }) => body),
    [{ evidenceId, decision: 'promote', reason: 'the churn list is good', override: true }],
  )
  assert.deepEqual(faults, [])
})

test('a version that failed, and one of your own data, can be rejected but not promoted', options, async (context) => {
  const { open, learning } = await openLearning(context)
  withVerdict(learning, 'fail')
  const why = 'The evidence does not allow a promotion: it says fail, or too little was seen.'
  learning.rollout = { ...learning.rollout, mayDecide: { allowed: false, why, holdOrReject: true } }
  const page = await open('/rollouts/after-dark/3')
  await reason(page).fill('worse')
  await page.getByText(`You cannot promote it. ${why}`).waitFor()
  assert.ok(await button(page, 'Promote').isDisabled())
  assert.equal(await page.getByRole('checkbox').count(), 0)
  await button(page, 'Reject').click()
  await page.getByText('Rejected: the champion stays.').waitFor()
  assert.deepEqual(learning.asked[0]?.body, { evidenceId, decision: 'reject', reason: 'worse' })
})

test('whoever may not decide reads why, and a stale card says so', options, async (context) => {
  const { open, learning, state } = await openLearning(context)
  state.role = 'viewer'
  learning.rollout = {
    ...learning.rollout,
    mayDecide: { allowed: false, why: 'Only approvers of this bot decide on a version.', holdOrReject: false },
  }
  const page = await open('/rollouts/after-dark/3')
  await page.getByText('Only approvers of this bot decide on a version.').waitFor()
  assert.equal(await page.getByRole('button', { name: /Promote|Hold|Reject|Roll back/ }).count(), 0)
  state.role = 'admin'
  withVerdict(learning, 'pass')
  learning.refuseDecision = 'The evidence has changed since this card was drawn'
  await page.reload()
  await reason(page).fill('fine')
  await button(page, 'Promote').click()
  await page.getByRole('alert').getByText('The evidence has changed since this card was drawn').waitFor()
})

test('a rollout is rolled back with a reason, and says so', options, async (context) => {
  const { open, learning, faults } = await openLearning(context)
  const page = await open('/rollouts/after-dark/3')
  await button(page, 'Roll back').click()
  const dialog = page.getByRole('alertdialog', { name: 'Take version 3 out?' })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('people complain')
  await dialog.getByRole('button', { name: 'Roll back' }).click()
  await page.getByText('Rolled back', { exact: true }).waitFor()
  await page.getByText('This rollout has ended: nothing is left to decide.').waitFor()
  assert.deepEqual(learning.asked[0], {
    path: '/api/bots/after-dark/rollback',
    body: { version: 3, reason: 'people complain' },
  })
  assert.deepEqual(faults, [])
})

test('on a phone no page of learning is wider than the window', options, async (context) => {
  const { open, faults } = await openLearning(context)
  const page = await open('/', phone)
  const paths = [
    '/corrections',
    '/label',
    '/models',
    '/models/after-dark/3',
    '/rollouts',
    '/rollouts/after-dark/3',
    '/schedules',
  ]
  for (const path of paths) {
    await page.goto(new URL(path, page.url()).href)
    await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor()
    const tooWide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    assert.equal(tooWide, false, path)
  }
  assert.deepEqual(faults, [])
})
