/* global location, navigator */
import { post as call } from '../../wire/page/call.js'
import { attempt, say } from '../../wire/page/live.js'
import { asSent, person } from './workspace.js'

/** @typedef {import('./workspace.js').Post} Post @typedef {import('./workspace.js').Workspace} Workspace */

/** An app has 3 seconds to say 2xx; Slack shows a sign when it does not. @param {string} bot @param {{ readonly status: number }} outcome */
function mindOutcome(bot, { status }) {
  if (status < 200 || status >= 300) say(`${bot} did not answer in time. Try again.`)
}

/**
 * What a person can do with a message.
 * @param {{ readonly workspace: () => Workspace, readonly refresh: () => void, readonly setEditing: (ts: string | undefined) => void }} page
 * @returns {import('./message.js').Doings}
 */
export const createDoings = ({ workspace, refresh, setEditing }) => ({
  click: async ({ ts, channel, bot = '' }, field) => {
    await attempt(async () => mindOutcome(bot, await call('/_sim/actions', { ts, channel, user: person(), ...field })))
    refresh()
  },
  shortcut: async ({ ts, channel }, bot, callbackId) => {
    await attempt(async () =>
      mindOutcome(bot, await call('/_sim/shortcuts', { bot, ts, channel, user: person(), callbackId })),
    )
    refresh()
  },
  thread: ({ channel, ts, threadTs }) => {
    location.hash = `#/${channel}/${threadTs ?? ts}`
  },
  copyLink: async ({ permalink }) => {
    const copied = await navigator.clipboard.writeText(permalink).then(
      () => true,
      () => false,
    )
    say(copied ? `Copied ${permalink}` : permalink)
  },
  edit: (post) => setEditing(post?.ts),
  save: async ({ ts, channel }, typed) => {
    if (typed.trim() === '') return say('A message needs words. To take it away, delete it.')
    const text = asSent(workspace(), typed.trim())
    if (await attempt(() => call('/_sim/edits', { ts, channel, user: person(), text }))) setEditing(undefined)
  },
  remove: async ({ ts, channel }) => {
    await attempt(() => call('/_sim/deletions', { ts, channel, user: person() }))
  },
})
