import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openDashboard, rows } from './dashboard/open-dashboard.ts'
import { failed, routed } from './dashboard/records.ts'
import { phone, skipWithoutBrowser, untilThereAre } from './support/browser.ts'

const options = { skip: skipWithoutBrowser }

const card = (page: Page, bot: string) => page.getByRole('article', { name: bot })
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

/** Whether anything is wider than the window. */
const isTooWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
const background = (page: Page) =>
  page.evaluate('getComputedStyle(document.querySelector(".radix-themes")).backgroundColor')

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
  await untilThereAre(1, rows(page))
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
  const link = await page.getByRole('link', { name: 'after-dark' }).first().elementHandle()
  state.signedIn = false
  // The page may find out by itself before the click: then the link is gone, and clicking it does nothing.
  await link.dispatchEvent('click')
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
    // The navigation moves the focus in a task of its own.
    await page.waitForFunction("document.activeElement.textContent === 'ConversationsConversations'")
    await page.keyboard.press('Enter')
    await heading(page, 'Conversations').waitFor()
    assert.equal(await focused(), 'Conversations')
    assert.equal(await page.title(), 'Conversations · Understudy')
  },
)
