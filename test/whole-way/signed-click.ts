import { createHmac } from 'node:crypto'
import type { Stack } from '../support/stack.ts'

/* Clicks with a signature of our own making: those that Slack's client would not offer any more, and those that Slack never sent. */

export interface RawClick {
  readonly user: string
  readonly channel: string
  /** The post under which the button is, or was. */
  readonly ts: string
  readonly blockId: string
  readonly actionId: string
  readonly value: string
}

/** Delivers a click to a bot's door. @param options.secret signs it; that of the bot when left out. @returns the door's status. */
export async function deliverClick(
  stack: Stack,
  bot: string,
  { user, channel, ts, blockId, actionId, value }: RawClick,
  options: { readonly secret?: string } = {},
): Promise<number> {
  const app = stack.secrets.bots[bot]?.slack
  if (app === undefined) throw new Error('the bot is on Slack')
  const action = { type: 'button', action_id: actionId, block_id: blockId, value, action_ts: `${Date.now() / 1000}` }
  const payload = {
    type: 'block_actions',
    user: { id: user, team_id: app.team },
    team: { id: app.team },
    api_app_id: app.appId,
    trigger_id: `1.${Date.now()}`,
    container: { type: 'message', message_ts: ts, channel_id: channel },
    channel: { id: channel },
    message: { ts },
    actions: [action],
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const timestamp = `${Math.floor(Date.now() / 1000)}`
  const signed = createHmac('sha256', options.secret ?? app.signingSecret).update(`v0:${timestamp}:${body}`)
  const response = await fetch(`${stack.urls.api}/slack/${bot}/interactivity`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signed.digest('hex')}`,
    },
    signal: AbortSignal.timeout(10_000),
  })
  return response.status
}
