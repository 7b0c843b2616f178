import { createHmac, randomUUID } from 'node:crypto'
import type { Stack } from '../support/stack.ts'

/* Events with a right signature that say what a platform would not: for input that the simulators cannot be asked for. */

const bot = 'fedora-finder'

function appsOf(stack: Stack) {
  const apps = stack.secrets.bots[bot]
  if (apps === undefined) throw new Error('the bot has apps')
  return apps
}

async function deliver(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(10_000),
  })
  if (response.status !== 200) throw new Error(`the door answered ${response.status}`)
}

/** Delivers an event of Slack to the bot; `event` is the inner one. */
export async function forgeOnSlack(stack: Stack, event: Readonly<Record<string, unknown>>): Promise<void> {
  const { team, appId, botUserId, signingSecret } = appsOf(stack).slack
  const body = JSON.stringify({
    type: 'event_callback',
    event_id: `Ev${randomUUID().slice(0, 8)}`,
    team_id: team,
    api_app_id: appId,
    authorizations: [{ team_id: team, user_id: botUserId, is_bot: true }],
    event,
  })
  const timestamp = `${Math.floor(Date.now() / 1000)}`
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
  await deliver(`${stack.urls.api}/slack/${bot}/events`, body, {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  })
}

/** Delivers a mention of the bot in an existing message of a person (`channel/ts`), with a file at this address. */
export async function forgeSlackFile(stack: Stack, id: string, address: string): Promise<void> {
  const [channel, ts] = id.split('/')
  await forgeOnSlack(stack, {
    type: 'app_mention',
    user: 'U0ADA',
    text: `<@${appsOf(stack).slack.botUserId}> what is this?`,
    channel,
    ts,
    files: [{ id: 'F0FORGED', mimetype: 'image/png', url_private: address, url_private_download: address }],
  })
}

/** Delivers a mention of the bot in an existing post, with a photo at this address, or without one. */
export async function forgeXMention(stack: Stack, postId: string, address?: string): Promise<void> {
  const { accountId, handle, consumerSecret } = appsOf(stack).x
  const media = [{ media_key: '3_1', type: 'photo', url: address }]
  const body = JSON.stringify({
    data: {
      event_uuid: randomUUID(),
      event_type: 'post.mention.create',
      filter: { user_id: accountId },
      payload: {
        id: postId,
        author_id: '77',
        text: `@${handle} what is this?`,
        entities: { mentions: [{ id: accountId, username: handle }] },
        ...(address !== undefined && { attachments: { media_keys: ['3_1'] } }),
      },
      includes: address === undefined ? {} : { media },
    },
  })
  const signature = createHmac('sha256', consumerSecret).update(body).digest('base64')
  await deliver(`${stack.urls.api}/x/${bot}/webhook`, body, { 'x-twitter-webhooks-signature': `sha256=${signature}` })
}
