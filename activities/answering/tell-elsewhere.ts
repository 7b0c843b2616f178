import type { StoredMessage } from '../../store/messages/messages.ts'
import { postOnce, type PostDeps } from '../post-once.ts'

/**
 * Slack's codes for a place that takes no answer of ours (https://docs.slack.dev/reference/methods/chat.postMessage#errors), and what becomes of a command's own address there.
 * What a token may do is the operators' business; they are told by an alert.
 */
const closedPlaces =
  /^(?:is_archived|not_in_channel|channel_not_found|cannot_reply_to_message|thread_locked|user_not_in_channel|restricted_action.*|response_url_\d+)$/

/** The day of an instant, in UTC: `2026-01-02`. */
const dayOf = (now: number) => new Date(now).toISOString().slice(0, 10)

/**
 * Tells the person who asked that the place takes no answer of ours, in direct messages, once a day for each place, however
 * much they asked there. A courtesy: whatever goes wrong with it, the message has ended already.
 */
export async function tellElsewhere(deps: PostDeps, stored: StoredMessage, reason: string): Promise<void> {
  const { bot: name, address, authorId } = stored.message
  if (!('team' in address) || address.channelId.startsWith('D') || !closedPlaces.test(reason)) return
  const { team, channelId } = address
  const bot = deps.botOf(name)
  await postOnce(deps, {
    key: `elsewhere:${[name, team, channelId].join('.')}:${stored.personId}:${dayOf(Date.now())}`,
    messageId: stored.id,
    kind: 'notice',
    text: bot.words.elsewhere,
    // Slack opens the direct messages with the person whose id stands in a channel's place.
    address: { kind: 'slack-channel', team, channelId: authorId },
    channel: deps.channelOf(name, 'slack'),
  }).catch(() => undefined)
}
