import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { formOf, payloadOf, slackInTest } from '../../../simulators/slack/test-workspace.ts'
import { json } from '../../../simulators/wire/exchange.ts'
import type { Exchange, Reply } from '../../../simulators/wire/exchange.ts'
import { openBrowser } from './browser.ts'
import { pngPicture } from './pictures.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text })
/** A picture as a browser's file picker takes it. */
export const hat = { name: 'hat.png', mimeType: 'image/png', buffer: pngPicture }
/** The labels that the echo bot's menus offer. */
export const choices = [
  { text: plain('a fedora'), value: 'fedora' },
  { text: plain('no fedora'), value: 'no-fedora' },
]

const answerBlocks = (said: string) => [
  { type: 'section' as const, text: mrkdwn(`*echo*: ${said} <https://pictures.example/a|a link> \`code\``) },
  { type: 'context' as const, elements: [mrkdwn('Confidence 87 %')] },
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'wrong', text: plain('Wrong'), value: 'opaque' },
      { type: 'static_select' as const, action_id: 'label', placeholder: plain('Which one?'), options: choices },
    ],
  },
]

const modal = {
  type: 'modal' as const,
  title: plain('Correct this answer'),
  submit: plain('Save'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: plain('Why?'),
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
    {
      type: 'input' as const,
      block_id: 'label',
      label: plain('What is it?'),
      element: { type: 'static_select' as const, action_id: 'choice', options: choices },
    },
    {
      type: 'input' as const,
      block_id: 'picture',
      optional: true,
      label: plain('A better picture'),
      element: { type: 'file_input' as const, action_id: 'file' },
    },
  ],
}

type Slack = Awaited<ReturnType<typeof slackInTest>>

/** Answers mentions and direct messages in their thread, with blocks. */
async function answerMessage({ client, app }: Slack, { body }: Exchange): Promise<void> {
  const { event } = JSON.parse(body.toString()) as { event: Record<string, string> }
  const { type, text = '', channel = '', ts = '', thread_ts, bot_id } = event
  const isDirect = type === 'message' && channel.startsWith('D') && bot_id === undefined
  if (type !== 'app_mention' && !isDirect) return
  const words = text.replace(`<@${app.botUserId}>`, '').trim()
  const answer = { text: `echo: ${words}`, blocks: answerBlocks(words) }
  await client.chat.postMessage({ channel, thread_ts: thread_ts ?? ts, ...answer })
}

/** Opens a form at a shortcut, and rewrites the message in which something was clicked. */
async function answerInteraction({ client }: Slack, exchange: Exchange): Promise<void> {
  const payload = payloadOf(exchange)
  if (payload.type === 'message_action') await client.views.open({ trigger_id: payload.trigger_id, view: modal })
  if (payload.type !== 'block_actions') return
  const { channel_id: channel = '', message_ts: ts = '' } = payload.container as Record<string, string>
  const [action] = payload.actions ?? []
  await client.chat.update({ channel, ts, text: `clicked ${String(action?.['action_id'])}`, blocks: [] })
}

/** A simulated Slack with a bot that answers as above, and commands with words for one person; and a browser. */
export async function echoOnSlack(context: TestContext) {
  const commands = [{ command: '/echo', usage: '[words]', description: 'Says it again' }]
  const slack = await slackInTest(context, { commands })
  slack.webhook.answerWith((exchange): Reply => {
    if (exchange.path.endsWith('/events')) void answerMessage(slack, exchange)
    if (exchange.path.endsWith('/interactivity')) void answerInteraction(slack, exchange)
    return exchange.path.endsWith('/commands')
      ? json({ text: `you said: ${formOf(exchange)['text'] ?? ''}` })
      : json({})
  })
  return { ...slack, browser: await openBrowser(context) }
}

/** The channel that is open. */
export const main = (page: Page) => page.getByRole('main')
/** The thread that is open beside it. */
export const thread = (page: Page) => page.getByRole('region', { name: 'Thread' })
/** Where a person writes in it. */
export const boxIn = (page: Page) => main(page).locator('.composer').getByRole('combobox')

/** Writes a message or a command into the open channel. */
export async function write(page: Page, text: string): Promise<void> {
  await boxIn(page).fill(text)
  await boxIn(page).press('Enter')
}

/** The bot's answer in the thread that is open. */
export const answerIn = (page: Page) => thread(page).getByRole('article', { name: 'Message of fedora-finder' })

/** Asks the bot and opens the thread of its answer. */
export async function askAndOpenThread(page: Page, text: string): Promise<void> {
  await write(page, text)
  await main(page)
    .getByRole('article')
    .filter({ hasText: text.split(' ').at(-1) ?? '' })
    .getByRole('button', { name: '1 reply' })
    .click()
  await answerIn(page).waitFor()
}
