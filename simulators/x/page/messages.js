import { post as call } from '../../wire/page/call.js'
import { h, keepAtEnd, showList } from '../../wire/page/dom.js'
import { avatar, time } from '../../wire/page/looks.js'
import { icon } from '../../wire/page/icons.js'
import { createComposer } from './composer.js'
import { isBot, person, sameHandle } from './network.js'
import { byline, pictures, richText } from './post.js'

/** @typedef {import('./network.js').Message} Message @typedef {import('./network.js').Network} Network */

/** @param {Message} message */
const otherOf = ({ from, to }) => (sameHandle(from, person()) ? to : from)

/** Whom the person writes with: the latest first, then the bots they have not written to. @param {Network} network */
function partners({ messages, bots }) {
  const all = [...messages.toReversed().map(otherOf), ...bots.map(({ handle }) => handle)]
  return [...new Map(all.toReversed().map((handle) => [handle.toLowerCase(), handle])).values()].toReversed()
}

/** The list of direct conversations. @param {() => Network} network */
export function createInbox(network) {
  const list = h('ul', { class: 'inbox' })
  const root = h('section', { class: 'page', 'aria-label': 'Messages' }, h('h2', {}, 'Messages'), list)
  const update = () => {
    const now = network()
    const last = (/** @type {string} */ handle) =>
      now.messages.findLast((message) => sameHandle(otherOf(message), handle))
    showList(list, partners(now), {
      key: (handle) => handle,
      signature: (handle) => JSON.stringify(last(handle) ?? ''),
      draw: (handle) => {
        const newest = last(handle)
        return h(
          'li',
          {},
          h(
            'a',
            { href: `#/messages/${handle}` },
            avatar(handle, { bot: isBot(now, handle) }),
            h(
              'span',
              {},
              h('span', { class: 'names' }, byline(now, handle)),
              h('span', { class: 'quiet line' }, newest?.text ?? 'Say hello, or send a picture'),
            ),
          ),
        )
      },
    })
  }
  return { root, update }
}

/** The direct messages with one account. @param {() => Network} network @param {string} handle */
export function createChat(network, handle) {
  const root = h('section', { class: 'page chat', 'aria-label': `Messages with ${handle}` })
  const list = h('div', { class: 'bubbles', role: 'log', 'aria-label': `Messages with ${handle}`, tabindex: '0' })
  const end = keepAtEnd(list)
  const composer = createComposer({
    label: 'Start a message',
    action: 'Send',
    zone: root,
    mostMedia: 1,
    counts: false,
    handles: () => network().bots.map((bot) => bot.handle),
    send: (written) => call('/_sim/messages', { from: person(), to: handle, ...written }),
  })
  root.append(
    h(
      'h2',
      {},
      h('a', { href: '#/messages', class: 'back', 'aria-label': 'Back to Messages' }, icon('back')),
      ` ${handle}`,
    ),
    list,
    composer.form,
  )
  /** @param {Message} message */
  const draw = (message) =>
    h(
      'div',
      { class: sameHandle(message.from, person()) ? 'bubble mine' : 'bubble' },
      h('span', { class: 'visually-hidden' }, `${message.from}: `),
      pictures(message.media, message.from),
      message.text !== '' && h('p', { dir: 'auto' }, richText(message.text)),
      h('span', { class: 'quiet small' }, time(new Date(message.at))),
    )
  const update = () => {
    const ours = network().messages.filter((message) => sameHandle(otherOf(message), handle))
    showList(list, ours, { key: ({ id }) => id, draw })
    end.follow()
  }
  return { root, update }
}
