/* global sessionStorage */
import { get } from '../../wire/page/call.js'

/**
 * @typedef {{ readonly key: string, readonly gone?: boolean }} Media
 * @typedef {{ readonly id: string, readonly text: string, readonly author: string, readonly inReplyTo?: string, readonly media?: readonly Media[], readonly createdAt: string }} Post
 * @typedef {{ readonly id: string, readonly from: string, readonly to: string, readonly text: string, readonly media?: readonly Media[], readonly at: string }} Message
 * @typedef {{ readonly bot: string, readonly handle: string }} Bot
 * @typedef {{ readonly bots: readonly Bot[], readonly people: readonly string[], readonly posts: readonly Post[], readonly messages: readonly Message[] }} Network
 */

const key = 'person-on-x'

/** Who the person at this tab is: each tab can be somebody else. */
export const person = () => sessionStorage.getItem(key) ?? 'ada'

/** @param {string} handle */
export const become = (handle) => sessionStorage.setItem(key, handle)

/** @returns {Promise<Network>} */
export async function readNetwork() {
  const [accounts, { posts }, { messages }] = await Promise.all([
    get('/_sim/accounts'),
    get('/_sim/posts'),
    get('/_sim/messages', { account: person() }),
  ])
  return { ...accounts, posts, messages }
}

/** @param {string} one @param {string} other */
export const sameHandle = (one, other) => one.toLowerCase() === other.toLowerCase()

/** @param {Network} network @param {string} handle */
export const isBot = ({ bots }, handle) => bots.some((bot) => sameHandle(bot.handle, handle))

/** Each post with the posts of its conversation, the root first, in order. @param {readonly Post[]} posts @returns {ReadonlyMap<string, readonly Post[]>} */
export function conversations(posts) {
  /** @type {Map<string, string>} */
  const rootOf = new Map()
  /** @type {Map<string, Post[]>} */
  const all = new Map()
  for (const post of posts) {
    const root = rootOf.get(post.inReplyTo ?? '') ?? post.id
    rootOf.set(post.id, root)
    all.set(root, [...(all.get(root) ?? []), post])
  }
  return all
}
