/* global location */
import { post as call } from '../../wire/page/call.js'
import { h, showList } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { createComposer } from './composer.js'
import { conversations, isBot, person, sameHandle } from './network.js'
import { drawPost } from './post.js'

/** @typedef {import('./network.js').Post} Post @typedef {import('./network.js').Network} Network */

/** Older ones are on their own pages; a load test makes tens of thousands. */
const mostShown = 100

/** @param {() => Network} network */
const others = (network) => () => {
  const { bots, people } = network()
  return [...bots.map(({ handle }) => handle), ...people].filter((handle) => !sameHandle(handle, person()))
}

/** The timeline: conversations, the one with the newest post first, each with its last two replies. @param {() => Network} network */
export function createHome(network) {
  const root = h('section', { class: 'page', 'aria-label': 'Home' })
  const composer = createComposer({
    label: "What's happening?",
    action: 'Post',
    zone: root,
    mostMedia: 4,
    counts: true,
    handles: others(network),
    send: (written) => call('/_sim/posts', { author: person(), ...written }),
  })
  const list = h('div', { class: 'timeline', role: 'feed', 'aria-label': 'Timeline' })
  const empty = h('p', { class: 'empty quiet' }, 'Nothing yet. Mention a bot with @ and attach a picture.')
  root.append(h('h2', {}, 'Home'), composer.form, empty, list)
  /** @param {readonly Post[]} posts */
  const draw = (posts) => {
    const [first, ...replies] = posts
    if (first === undefined) return h('div')
    const onReply = (/** @type {Post} */ post) => {
      location.hash = `#/post/${post.id}/reply`
    }
    const context = { network: network(), onReply }
    return h(
      'div',
      { class: 'conversation' },
      drawPost(first, { ...context, replies: replies.length }),
      replies.length > 2 && h('a', { class: 'more', href: `#/post/${first.id}` }, `Show all ${replies.length} replies`),
      replies.slice(-2).map((reply) => drawPost(reply, { ...context, replies: 0 })),
    )
  }
  const update = () => {
    const newestFirst = [...conversations(network().posts).values()].toSorted((one, other) =>
      BigInt(other.at(-1)?.id ?? 0) > BigInt(one.at(-1)?.id ?? 0) ? 1 : -1,
    )
    empty.hidden = newestFirst.length > 0
    showList(list, newestFirst.slice(0, mostShown), { key: ([first]) => first?.id ?? '', draw })
  }
  return { root, update }
}

/** One conversation with everything that was answered. @param {() => Network} network @param {string} id */
export function createConversation(network, id) {
  const root = h('section', { class: 'page', 'aria-label': 'Post' })
  const list = h('div', { class: 'timeline', role: 'feed', 'aria-label': 'Conversation' })
  let answered = id
  const composer = createComposer({
    label: 'Post your reply',
    action: 'Reply',
    zone: root,
    mostMedia: 4,
    counts: true,
    handles: others(network),
    send: (written) => call('/_sim/posts', { author: person(), inReplyTo: answered, ...written }),
  })
  root.append(
    h('h2', {}, h('a', { href: '#/', class: 'back', 'aria-label': 'Back to Home' }, icon('back')), ' Post'),
    list,
    composer.form,
  )
  /** @param {Post} post */
  const reply = (post) => {
    answered = post.id
    // A bot may answer in public only whoever mentions it by name (https://docs.x.com/x-api/posts/manage-tweets/introduction), so the name is there to begin with.
    composer.begin(isBot(network(), post.author) ? `@${post.author} ` : '')
  }
  const update = () => {
    const posts = [...conversations(network().posts).values()].find((all) => all.some((post) => post.id === id)) ?? []
    const replies = (/** @type {Post} */ post) => posts.filter(({ inReplyTo }) => inReplyTo === post.id).length
    showList(list, posts, {
      key: (post) => post.id,
      signature: (post) => JSON.stringify([post, replies(post)]),
      draw: (post) => drawPost(post, { network: network(), replies: replies(post), onReply: reply }),
    })
  }
  const begin = () => {
    const asked = network().posts.find((post) => post.id === id)
    if (asked !== undefined) reply(asked)
  }
  return { root, update, begin }
}
