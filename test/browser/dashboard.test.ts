import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openDashboard } from './dashboard/open-dashboard.ts'
import { asked, failed, olderOnes, routed } from './dashboard/records.ts'
import { phone, skipWithoutBrowser } from './support/browser.ts'

const options = { skip: skipWithoutBrowser }

const card = (page: Page, bot: string) => page.getByRole('article', { name: bot })
const rows = (page: Page) => page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

/** Whether anything is wider than the window. */
const isTooWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
const background = (page: Page) =>
  page.evaluate('getComputedStyle(document.querySelector(".radix-themes")).backgroundColor')

async function choose(page: Page, filter: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: filter }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('home tells of every bot how it is, what it did today and what waits for a person', options, async (context) => {
  const { open, faults } = await openDashboard(context)
  const page = await open('/')
  const words = await card(page, 'after-dark').innerText()
  for (const part of ['Healthy', '128 messages today', 'median 640 ms', '3 answers need a person', 'deep version 1'])
    assert.ok(words.includes(part), `${part} is missing in ${words}`)
  await card(page, 'after-dark')
    .getByRole('img', { name: 'Today: 117 answered, 6 refused, 1 failed, 4 open' })
    .waitFor()
  await card(page, 'team-router').getByText('Waiting: no model is loaded yet').waitFor()
  await card(page, 'after-dark').getByRole('link', { name: '1 failed' }).click()
  await heading(page, 'Conversations').waitFor()
  assert.equal(await rows(page).count(), 1)
  assert.deepEqual(faults, [])
})

test('a bot is paused and resumed after a question, by the keyboard', options, async (context) => {
  const { open, state, faults } = await openDashboard(context)
  const page = await open('/')
  await page.getByRole('button', { name: 'Pause after-dark' }).press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Pause after-dark?' })
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  assert.equal(state.bots[0]?.paused, null)
  await page.getByRole('button', { name: 'Pause after-dark' }).press('Enter')
  await dialog.getByRole('button', { name: 'Pause' }).press('Enter')
  await card(page, 'after-dark').getByText('by Local admin').waitFor()
  await page.getByRole('button', { name: 'Resume after-dark' }).click()
  await page.getByRole('checkbox', { name: 'Answer the old ones too' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Pause after-dark' }).waitFor()
  assert.deepEqual(state.resumed, [{ answerAll: true }])
  assert.deepEqual(faults, [])
})

test('whoever may only look sees no button that the API would refuse', options, async (context) => {
  const { open, state } = await openDashboard(context)
  state.role = 'viewer'
  const page = await open('/')
  await card(page, 'after-dark').waitFor()
  assert.equal(await page.getByRole('button', { name: /^Pause/ }).count(), 0)
  await page.goto(new URL(`/conversations/${failed}`, page.url()).href)
  await page.getByRole('heading', { name: 'The reply' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0)
})

test('an id leads to its conversation, and an unknown one to what can be looked for', options, async (context) => {
  const { open } = await openDashboard(context)
  const page = await open('/')
  const box = page.getByRole('searchbox', { name: 'Link or id' })
  await box.fill(`  ${routed} `)
  await box.press('Enter')
  await heading(page, 'team-router: one conversation').waitFor()
  assert.ok(page.url().endsWith(`/conversations/${routed}`))
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await box.fill('https://elsewhere.example/1')
  await page.getByRole('button', { name: 'Find' }).click()
  await page.getByRole('heading', { name: 'Nothing was found' }).waitFor()
})

test('the list is filtered, goes on to older ones, and says when nothing is like that', options, async (context) => {
  const { open, state, faults } = await openDashboard(context)
  state.messages.push(...olderOnes(70))
  const page = await open('/conversations')
  await rows(page).nth(49).waitFor()
  await page.getByRole('button', { name: 'Show older ones' }).scrollIntoViewIfNeeded()
  await rows(page).nth(73).waitFor()
  await choose(page, 'Bot', 'team-router')
  await page.waitForFunction('document.querySelectorAll(".rows li").length === 1')
  await choose(page, 'Outcome', 'Failed')
  await page.getByRole('heading', { name: 'No conversation is like that' }).waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  const words = page.getByRole('searchbox', { name: 'Words in the message' })
  await words.pressSequentially('date picker', { delay: 60 })
  await page.waitForFunction('document.querySelectorAll(".rows li").length === 1')
  assert.equal(await words.inputValue(), 'date picker')
  assert.equal(new URL(page.url()).searchParams.get('q'), 'date picker')
  assert.deepEqual(faults, [])
})

test('a new message appears in the list by itself', options, async (context) => {
  const { open, state, tell } = await openDashboard(context)
  const page = await open('/conversations')
  await page.getByText('Live', { exact: true }).waitFor()
  const [message] = olderOnes(1)
  assert.ok(message)
  state.messages.unshift({ ...message, id: `${message.id.slice(0, -1)}f`, text: 'just now' })
  tell('message', { id: message.id })
  await rows(page).first().getByText('just now').waitFor()
})

test(
  'a conversation shows each version, the choice and the reply, and takes a correction',
  options,
  async (context) => {
    const { open, state, faults } = await openDashboard(context)
    const page = await open(`/conversations/${asked}`)
    await page.getByRole('img', { name: 'The picture, as the person sent it' }).waitFor()
    await page
      .getByRole('img', { name: 'deep version 1: an engineer 80 %, not an engineer 20 %' })
      .locator('svg')
      .waitFor()
    await page.getByRole('img', { name: 'deep version 2: an engineer 41 %, not an engineer 59 %' }).waitFor()
    await page.getByText('an engineer, 73 %', { exact: true }).waitFor()
    await page.getByRole('row', { name: 'head version 1 an engineer 66 % 212 ms yes' }).waitFor()
    await page.getByText('2 attempts, an earlier attempt was found and kept').waitFor()
    const workflow = page.getByRole('link', { name: 'Workflow in the Temporal UI' })
    assert.match((await workflow.getAttribute('href')) ?? '', /^http:\/\/127\.0\.0\.1:8233\//)
    const votes = page.getByRole('list', { name: 'Votes' }).getByRole('listitem')
    assert.equal(await votes.count(), 1)
    await page.getByRole('button', { name: 'Correct this answer' }).press('Enter')
    await page.getByRole('menuitem', { name: 'an engineer (the answer is right)' }).waitFor()
    await page.getByRole('menuitem', { name: 'I can’t tell' }).click()
    await page.getByText('Your vote was noted').waitFor()
    await votes.nth(1).getByText('Can’t tell').waitFor()
    assert.deepEqual(state.votes.at(-1), { prediction: asked, label: null })
    assert.deepEqual(faults, [])
  },
)

test(
  'what people write is shown as text, and a link of a record is one only when it is http(s)',
  options,
  async (context) => {
    const { open, faults } = await openDashboard(context)
    const page = await open(`/conversations/${asked}`)
    await page.getByText('who is this? <b>bold?</b>').waitFor()
    assert.equal(await page.getByRole('link', { name: 'The conversation in Slack' }).count(), 1)
    await page.goto(new URL(`/conversations/${failed}`, page.url()).href)
    await page.getByText('Reason: archived_channel.').waitFor()
    assert.equal(await page.getByRole('link', { name: 'The conversation in Slack' }).count(), 0)
    assert.deepEqual(faults, [])
  },
)

test('a failed message is started again with a button', options, async (context) => {
  const { open, state } = await openDashboard(context)
  const page = await open(`/conversations/${failed}`)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('It was started again.').waitFor()
  assert.deepEqual(state.retried, [failed])
})

test('whoever is not signed in, or no longer, reads how to sign in', options, async (context) => {
  const { open, state } = await openDashboard(context)
  const page = await open('/conversations')
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await heading(page, 'Sign in').waitFor()
  await page.getByText('npx understudy sign-in').waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  state.signedIn = true
  await page.getByRole('button', { name: 'I have signed in' }).click()
  await rows(page).first().waitFor()
  state.signedIn = false
  await page.getByRole('link', { name: 'after-dark' }).first().click()
  await heading(page, 'Sign in').waitFor()
})

test('an API that is down is said with what to do next', options, async (context) => {
  const { open, state, faults } = await openDashboard(context)
  const page = await open('/')
  await card(page, 'after-dark').waitFor()
  await page.route('**/api/bots/*/pause', (route) => route.abort())
  await page.getByRole('button', { name: 'Pause after-dark' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('alert').getByText('Look whether `npm start` is still running').waitFor()
  assert.equal(state.bots[0]?.paused, null)
  assert.ok(faults.every((fault) => fault.includes('ERR_FAILED')))
})

test('on a phone nothing is wider than the window', options, async (context) => {
  const { open, faults } = await openDashboard(context)
  const page = await open('/', phone)
  await card(page, 'after-dark').waitFor()
  assert.equal(await isTooWide(page), false)
  await page.getByRole('link', { name: 'Conversations' }).click()
  await rows(page).first().waitFor()
  assert.equal(await isTooWide(page), false)
  await page.getByRole('link', { name: 'who is this?' }).click()
  await page.getByRole('heading', { name: 'The picture' }).waitFor()
  assert.equal(await isTooWide(page), false)
  assert.deepEqual(faults, [])
})

test('dark and light follow the system until the person chooses', options, async (context) => {
  const { open } = await openDashboard(context)
  const page = await open('/', { colorScheme: 'dark' })
  await card(page, 'after-dark').waitFor()
  const dark = await background(page)
  await page.getByRole('button', { name: 'Light or dark' }).click()
  await page.getByRole('menuitemradio', { name: 'Light' }).click()
  assert.notEqual(await background(page), dark)
  const light = await background(page)
  await page.reload()
  await card(page, 'after-dark').waitFor()
  assert.equal(await background(page), light)
})

test(
  'the keyboard goes from the skip link over the navigation, and a new page takes the focus',
  options,
  async (context) => {
    const { open } = await openDashboard(context)
    const page = await open('/')
    await card(page, 'after-dark').waitFor()
    const focused = () => page.evaluate<string>('document.activeElement.textContent')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Skip to the page')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'HomeHome')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await heading(page, 'Conversations').waitFor()
    assert.equal(await focused(), 'Conversations')
    assert.equal(await page.title(), 'Conversations · Understudy')
  },
)
