import { h } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { avatar, time } from '../../wire/page/looks.js'
import { isBot } from './network.js'

/** @typedef {import('./network.js').Post} Post @typedef {import('./network.js').Network} Network @typedef {import('./network.js').Media} Media */

/** Links and handles in a text, as X shows them. @param {string} text */
export function richText(text) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+|(?<![\w@])@\w{1,30})/g)
  return parts.map((part, at) => {
    if (at % 2 === 0) return part
    if (part.startsWith('@')) return h('a', { href: `#/messages/${part.slice(1)}`, class: 'handle' }, part)
    return h('a', { href: part, target: '_blank', rel: 'noreferrer noopener' }, part)
  })
}

/** @param {readonly Media[] | undefined} media @param {string} whose */
export function pictures(media, whose) {
  if (media === undefined) return null
  const shown = media.map((one, at) =>
    one.gone
      ? h('span', { class: 'gone' }, 'This picture is gone.')
      : h(
          'a',
          { href: `/_sim/media/${one.key}`, target: '_blank', rel: 'noopener' },
          h('img', { src: `/_sim/media/${one.key}`, alt: `Picture ${at + 1} of ${whose}`, loading: 'lazy' }),
        ),
  )
  return h('div', { class: `pictures of-${Math.min(media.length, 4)}` }, shown)
}

/** @param {Network} network @param {string} handle */
export const byline = (network, handle) => [
  h('strong', {}, handle),
  h('span', { class: 'quiet' }, `@${handle}`),
  isBot(network, handle) && h('span', { class: 'badge' }, 'Automated'),
]

/**
 * @param {Post} post
 * @param {{ readonly network: Network, readonly replies: number, readonly onReply: (post: Post) => void }} context
 */
export function drawPost(post, { network, replies, onReply }) {
  const parent = network.posts.find(({ id }) => id === post.inReplyTo)
  return h(
    'article',
    { class: 'post', 'data-id': post.id, 'aria-label': `Post of ${post.author}` },
    avatar(post.author, { bot: isBot(network, post.author) }),
    h(
      'div',
      {},
      h(
        'header',
        {},
        byline(network, post.author),
        h('a', { class: 'quiet', href: `#/post/${post.id}` }, time(new Date(post.createdAt))),
      ),
      parent !== undefined &&
        h('p', { class: 'quiet small' }, 'Replying to ', h('span', { class: 'handle' }, `@${parent.author}`)),
      h('p', { class: 'text', dir: 'auto' }, richText(post.text)),
      pictures(post.media, post.author),
      h(
        'footer',
        {},
        h(
          'button',
          { type: 'button', class: 'icon', onclick: () => onReply(post), 'aria-label': `Reply to ${post.author}` },
          icon('reply'),
          h('span', {}, replies > 0 ? String(replies) : 'Reply'),
        ),
      ),
    ),
  )
}
