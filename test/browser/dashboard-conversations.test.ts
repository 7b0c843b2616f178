import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openDashboard, rows } from './dashboard/open-dashboard.ts'
import { asked, failed, olderOnes } from './dashboard/records.ts'
import { skipWithoutBrowser, untilThereAre } from './support/browser.ts'

const options = { skip: skipWithoutBrowser }

/** Waits until the list is this one row. */
async function onlyRow(page: Page, text: string): Promise<void> {
  await rows(page).nth(1).waitFor({ state: 'hidden' })
  await rows(page).first().getByText(text).waitFor()
}

async function choose(page: Page, filter: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: filter }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('the list is filtered, goes on to older ones, and says when nothing is like that', options, async (context) => {
  const { open, state, faults } = await openDashboard(context)
  state.messages.push(...olderOnes(70))
  const page = await open('/conversations')
  await rows(page).nth(49).waitFor()
  await page.getByRole('button', { name: 'Show older ones' }).scrollIntoViewIfNeeded()
  await rows(page).nth(73).waitFor()
  await choose(page, 'Bot', 'team-router')
  await onlyRow(page, 'Who looks after the date picker?')
  await choose(page, 'Outcome', 'Failed')
  await page.getByRole('heading', { name: 'No conversation is like that' }).waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await rows(page).nth(49).waitFor()
  assert.equal(new URL(page.url()).search, '')
  assert.deepEqual(faults, [])
})

test('words are looked for after a pause in the typing, and no letter is lost', options, async (context) => {
  const { open, state, faults } = await openDashboard(context)
  state.messages.push(...olderOnes(70))
  const page = await open('/conversations')
  await rows(page).nth(49).waitFor()
  const words = page.getByRole('searchbox', { name: 'Words in the message' })
  await words.pressSequentially('date picker', { delay: 60 })
  // On a slow machine the first letters are looked for while the last ones are still on their way to the page.
  await page.waitForURL((url) => url.searchParams.get('q') === 'date picker')
  await onlyRow(page, 'Who looks after the date picker?')
  assert.equal(await words.inputValue(), 'date picker')
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
    await untilThereAre(1, votes)
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
    await untilThereAre(1, page.getByRole('link', { name: 'The conversation in Slack' }))
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

test(
  'a reviewer adds a label in the menu and thereby chooses it; who may not is not offered it',
  options,
  async (context) => {
    const { open, state, faults } = await openDashboard(context)
    const page = await open(`/conversations/${asked}`)
    const menu = page.getByRole('button', { name: 'Correct this answer' })
    const addLabel = async (id: string, words: string) => {
      await page.getByRole('textbox', { name: 'Id' }).fill(id)
      await page.getByRole('textbox', { name: 'Words' }).fill(words)
      await page.getByRole('button', { name: 'Add and choose' }).click()
    }
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: 'Another label …' }).click()
    await addLabel('engineer', 'engineers again')
    await page.getByText('There is that label already.').waitFor()
    await addLabel('designer', 'a designer')
    await page.getByText('Your vote was noted').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.deepEqual(state.votes.at(-1), { prediction: asked, label: 'designer' })
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: 'a designer' }).waitFor()
    state.role = 'viewer'
    const asViewer = await open(`/conversations/${asked}`)
    await asViewer.getByRole('button', { name: 'Correct this answer' }).press('Enter')
    await asViewer.getByRole('menuitem', { name: 'I can’t tell' }).waitFor()
    assert.equal(await asViewer.getByRole('menuitem', { name: 'Another label …' }).count(), 0)
    // The refused label is the one answer that is no success.
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('409')),
      [],
    )
  },
)
