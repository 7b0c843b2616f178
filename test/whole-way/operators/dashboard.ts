import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { signInLink as shape } from '../../../api/contract/people.ts'
import { openBrowser, skipWithoutBrowser } from '../../browser/support/browser.ts'
import { eventually, replyTo } from '../../support/platforms/platform.ts'
import { slackPlatform } from '../../support/platforms/slack.ts'
import type { Stack } from '../../support/stack.ts'
import { operatorOf } from '../operator.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { bots, stack as product } from './stack.ts'

/* The built pages on the real operator API, in a real browser: nothing between a person in Slack and one at the dashboard is made up. */

/** A link that signs in once. */
async function signInLink(stack: Stack): Promise<string> {
  const { status, body } = await operatorOf(stack).post('/api/sign-in-links')
  assert.equal(status, 201)
  return shape.parse(body).url
}

const rows = (page: Page) => page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')

/** Goes to the list, and waits until it hears what happens. */
async function goToConversations(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Conversations' }).click()
  await page.getByRole('heading', { level: 1, name: 'Conversations' }).waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  assert.equal(await rows(page).count(), 0)
}

/** Ada asks in the simulated Slack. @returns our id of her message, once it was answered and its picture may be shown. */
async function askInSlack(stack: Stack, text: string): Promise<string> {
  const slack = slackPlatform(stack)
  const asked = await slack.ask({ text, pictures: [await hatPicture('dashboard')] })
  assert.match((await replyTo(slack, asked)).text, /^fedora: /)
  const { id } = await finishedMessage(stack, slack.workflowId(asked))
  await eventually(async () => (await stack.db.selectFrom('moderations').select('verdict').execute())[0], {
    timeoutMs: 30_000,
    what: 'the verdict on the picture',
  })
  return id
}

/** What the conversation's page tells: the picture, the score, the choice and the reply. */
async function readConversation(page: Page): Promise<void> {
  const isDrawn = () => page.evaluate<boolean>('document.querySelector("img.picture")?.naturalWidth > 0')
  await page.getByRole('img', { name: 'The picture, as the person sent it' }).waitFor()
  await eventually(async () => (await isDrawn()) || undefined, { timeoutMs: 10_000, what: 'the picture itself' })
  await page.getByRole('img', { name: /^version 1: fedora .* %, no fedora .* %$/ }).waitFor()
  await page.getByRole('row', { name: /^version 1 fedora \d+ % .* yes$/ }).waitFor()
  await page
    .getByRole('list', { name: 'Replies' })
    .getByText(/^fedora: \d+ % likely/)
    .waitFor()
}

/** Says in the menu that the answer is wrong, and waits until the vote is counted. */
async function correct(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Correct this answer' }).click()
  await page.getByRole('menuitem', { name: 'no fedora', exact: true }).click()
  await page.getByText('Your vote was noted').waitFor()
  const vote = page.getByRole('list', { name: 'Votes' }).getByRole('listitem')
  await vote.getByText(/^no fedora, said by a reviewer on these pages, .*: counted$/).waitFor()
  await page.getByText('Corrected', { exact: true }).waitFor()
}

test(
  'whoever signs in by a link sees the bots, a message of Slack as it comes, and corrects its answer',
  { skip: skipWithoutBrowser },
  async (context) => {
    const stack = product()
    const browser = await openBrowser(context)
    const url = await signInLink(stack)
    const page = await browser.open(url)
    assert.equal(page.url(), `${stack.urls.api}/`)
    for (const bot of bots) await page.getByRole('article', { name: bot }).getByText('Healthy').waitFor()

    await goToConversations(page)
    const id = await askInSlack(stack, 'is this a hat on the dashboard?')
    await rows(page).getByText('is this a hat on the dashboard?').click()
    assert.equal(page.url(), `${stack.urls.api}/conversations/${id}`)
    await readConversation(page)
    await correct(page)
    const { state } = await stack.db
      .selectFrom('corrections')
      .select('state')
      .where('message_id', '=', id)
      .executeTakeFirstOrThrow()
    assert.equal(state, 'accepted')
    assert.deepEqual(browser.faults, [])

    // The link is used up, and who is not signed in sees nothing.
    const stranger = await fetch(url, { redirect: 'manual' })
    assert.equal(stranger.status, 401)
    const locked = await browser.open(`${stack.urls.api}/conversations/${id}`)
    await locked.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  },
)
