import { parseSlackEvent } from '../../../adapters/slack/parse-event.ts'
import { testBot } from '../bots.ts'

/* A message as Slack's Events API delivers it, for tests of the door's parser. */

export const bot = 'fedora-finder'
export const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

export const person = {
  type: 'message',
  channel: 'C024BE91L',
  channel_type: 'channel',
  user: 'U2147483697',
  text: '<@U0BOT> is this a &lt;fedora&gt;?',
  ts: '1765000000.000200',
  event_ts: '1765000000.000200',
}
export const envelope = {
  token: 'legacy',
  team_id: 'T1',
  api_app_id: 'A0',
  type: 'event_callback',
  event_id: 'Ev1',
  event_time: 1_765_000_000,
  authorizations: [
    { enterprise_id: null, team_id: 'T1', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
  ],
  is_ext_shared_channel: false,
}
export const parse = (event: object, outer: object = {}) =>
  parseSlackEvent(bytes({ ...envelope, ...outer, event }), testBot({ name: bot }))
