/* global sessionStorage */
import { get } from '../../wire/page/call.js'

/**
 * @typedef {{ readonly id: string, readonly name: string, readonly picture?: boolean }} Person
 * @typedef {{ readonly command: string, readonly usage?: string, readonly description?: string }} Command
 * @typedef {{ readonly callbackId: string, readonly name: string }} Shortcut
 * @typedef {{ readonly bot: string, readonly userId: string, readonly name: string, readonly commands: readonly Command[], readonly shortcuts: readonly Shortcut[] }} Bot
 * @typedef {{ readonly id: string, readonly name: string, readonly members: readonly string[], readonly archived?: boolean }} Channel
 * @typedef {{ readonly team: string, readonly channels: readonly Channel[], readonly people: readonly Person[], readonly bots: readonly Bot[] }} Workspace
 * @typedef {{ readonly id: string, readonly name: string, readonly mimetype: string }} SharedFile
 * @typedef {{ readonly ts: string, readonly channel: string, readonly bot?: string, readonly user?: string, readonly ephemeral?: boolean, readonly text: string,
 *   readonly blocks?: readonly import('./blocks.js').Block[], readonly threadTs?: string, readonly files?: readonly SharedFile[], readonly edited?: string, readonly permalink: string,
 *   readonly reactions?: readonly { readonly name: string, readonly bot: string }[] }} Post
 */

const key = 'person-on-slack'

/** Who the person at this tab is: each tab can be somebody else. */
export const person = () => sessionStorage.getItem(key) ?? 'U0ADA'

/** @param {string} id */
export const become = (id) => sessionStorage.setItem(key, id)

/** @returns {Promise<Workspace>} */
export const readWorkspace = () => get('/_sim/workspace')

/** What this person sees in the channel, in order. @param {string} channel @returns {Promise<readonly Post[]>} */
export async function readPosts(channel) {
  const { posts } = await get('/_sim/posts', { channel })
  return posts.filter((/** @type {Post} */ post) => post.ephemeral !== true || post.user === person())
}

/** @param {Post} post */
export const isReply = ({ ts, threadTs }) => threadTs !== undefined && threadTs !== ts

/** @param {string} ts */
export const dateOf = (ts) => new Date(Number(ts) * 1000)

/** The name behind a person's or a bot's id. @param {Workspace} workspace @param {string} id */
export function nameOf({ people, bots }, id) {
  const known = people.find((one) => one.id === id) ?? bots.find(({ userId }) => userId === id)
  return known?.name ?? id
}

/** A person's picture, if there is one. @param {Workspace} workspace @param {string | undefined} id */
export const pictureOf = ({ people }, id) =>
  people.find((one) => one.id === id)?.picture === true ? `/_sim/people/${id}/picture` : undefined

/** The bot of a direct conversation. @param {Workspace} workspace @param {Channel | undefined} channel */
export const partnerIn = ({ bots }, channel) =>
  channel?.id.startsWith('D') ? bots.find(({ userId }) => channel.members.includes(userId)) : undefined

/** @param {Workspace} workspace @param {string} id */
export const channelOf = ({ channels }, id) => channels.find((channel) => channel.id === id)

/** The channels that everybody in the team sees; direct ones have no name of their own. @param {Workspace} workspace */
export const openChannels = ({ channels }) => channels.filter(({ id }) => !id.startsWith('D'))

/** @param {string} text */
const quoted = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * A text as Slack's own message box sends it: `&`, `<` and `>` escaped, names of members as `<@U…>`, links in angle brackets
 * [/messaging/formatting-message-text].
 * @param {Workspace} workspace
 * @param {string} typed
 */
export function asSent({ people, bots }, typed) {
  const members = [...bots.map(({ userId, name }) => ({ id: userId, name })), ...people]
  const longestFirst = members.toSorted((one, other) => other.name.length - one.name.length)
  const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const linked = escaped.replaceAll(/https?:\/\/(?:(?!&[lg]t;)[^\s|])+/g, '<$&>')
  return longestFirst.reduce(
    (text, { id, name }) => text.replaceAll(new RegExp(`(?<![\\w<])@${quoted(name)}(?![\\w-])`, 'gi'), `<@${id}>`),
    linked,
  )
}

/** The way back, for editing. @param {Workspace} workspace @param {string} text */
export function asTyped(workspace, text) {
  const named = text.replaceAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (_all, id) => `@${nameOf(workspace, id)}`)
  const bare = named.replaceAll(/<(https?:[^>|]+)(?:\|[^>]*)?>/g, '$1')
  return bare.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
