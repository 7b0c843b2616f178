import { byId, fill, h, keepAtEnd, showList } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { dayName } from '../../wire/page/looks.js'
import { createComposer } from './composer.js'
import { drawMessage } from './message.js'
import { channelOf, dateOf, isReply, partnerIn } from './workspace.js'

/**
 * @typedef {import('./workspace.js').Post} Post
 * @typedef {{ readonly workspace: import('./workspace.js').Workspace, readonly posts: readonly Post[], readonly channel: string, readonly thread: string | undefined, readonly editing: string | undefined }} Now
 * @typedef {{ readonly now: () => Now, readonly doings: import('./message.js').Doings, readonly refresh: () => void }} Page
 */

/** Older messages are kept and not shown; a load test makes tens of thousands. */
const mostShown = 200

/** @param {HTMLElement} list @param {readonly Post[]} posts @param {Page & { readonly inThread: boolean }} page */
function showMessages(list, posts, { now, doings, inThread }) {
  const { workspace, posts: all, editing } = now()
  const repliesTo = (/** @type {Post} */ { ts }) =>
    inThread ? [] : all.filter((post) => isReply(post) && post.threadTs === ts)
  /** @type {readonly (Post | string)[]} */
  const items = posts.flatMap((post, at) => {
    const day = dayName(dateOf(post.ts))
    const before = posts[at - 1]
    return before !== undefined && dayName(dateOf(before.ts)) === day ? [post] : [day, post]
  })
  // Names and pictures of people stand in messages too.
  const faces = workspace.people.map(({ name, picture }) => `${name}${picture}`).join()
  showList(list, items, {
    key: (item) => (typeof item === 'string' ? item : `${item.ts}${item.ephemeral}`),
    signature: (item) =>
      typeof item === 'string' ? item : JSON.stringify([item, repliesTo(item).length, editing === item.ts, faces]),
    draw: (item) =>
      typeof item === 'string'
        ? h('h3', { class: 'day' }, h('span', {}, item))
        : drawMessage(item, { workspace, doings, inThread, replies: repliesTo(item), editing: editing === item.ts }),
  })
}

/** The messages of a channel. @param {Page} page */
export function createChannel(page) {
  const list = byId('messages')
  const end = keepAtEnd(list)
  const main = byId('channel')
  const place = () => ({ channel: page.now().channel })
  const composer = createComposer({ workspace: () => page.now().workspace, place, zone: main, refresh: page.refresh })
  fill(byId('composer'), composer.root)
  let shown = ''
  const update = () => {
    const { workspace, posts, channel } = page.now()
    const here = channelOf(workspace, channel)
    const partner = partnerIn(workspace, here)
    const name = partner?.name ?? `#${here?.name ?? channel}`
    fill(
      byId('channel-name'),
      partner === undefined ? [icon('hash'), here?.name ?? channel] : [icon('robot'), partner.name],
    )
    byId('members').textContent = partner === undefined ? `${here?.members.length ?? 0} members` : 'App'
    composer.name(here?.archived ? 'This channel is archived' : `Message ${name}`)
    const roots = posts.filter((post) => !isReply(post)).slice(-mostShown)
    showMessages(list, roots, { ...page, inThread: false })
    if (shown === channel) end.follow()
    else end.toEnd()
    shown = channel
  }
  return { update, focus: composer.focus }
}

/** The panel beside the channel with one thread. @param {Page & { readonly close: () => void }} page */
export function createThread(page) {
  const panel = byId('thread')
  const list = h('div', { class: 'messages', role: 'log', 'aria-label': 'Messages of the thread', tabindex: '0' })
  const place = () => ({ channel: page.now().channel, threadTs: page.now().thread })
  const composer = createComposer({ workspace: () => page.now().workspace, place, zone: panel, refresh: page.refresh })
  const end = keepAtEnd(list)
  /** @type {string | undefined} */
  let shown
  composer.name('Reply…')
  panel.append(
    h(
      'header',
      { class: 'bar' },
      h('h2', {}, 'Thread'),
      h('button', { type: 'button', class: 'icon', 'aria-label': 'Close thread', onclick: page.close }, icon('close')),
    ),
    list,
    composer.root,
  )
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) page.close()
  })
  const update = () => {
    const { posts, thread } = page.now()
    panel.hidden = thread === undefined
    const inThread = posts.filter(({ ts, threadTs }) => ts === thread || (thread !== undefined && threadTs === thread))
    showMessages(list, inThread, { ...page, inThread: true })
    if (shown === thread) end.follow()
    else end.toEnd()
    shown = thread
  }
  return { update, focus: composer.focus }
}
