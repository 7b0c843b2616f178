/* global location */
import { post as call } from '../../wire/page/call.js'
import { byId, fill, h, showList } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { attempt } from '../../wire/page/live.js'
import { avatar } from '../../wire/page/looks.js'
import { nameOf, openChannels, person, pictureOf } from './workspace.js'

/** @typedef {import('./workspace.js').Workspace} Workspace @typedef {import('./workspace.js').Bot} Bot */

/** @param {Workspace} workspace @param {Bot} bot */
const directWith = ({ channels }, { userId }) =>
  channels.find(({ id, members }) => id.startsWith('D') && members.includes(userId) && members.includes(person()))

/** @param {Bot} bot */
const openDirect = ({ bot }) =>
  attempt(async () => {
    const { channel } = await call('/_sim/dm', { bot, user: person() })
    location.hash = `#/${channel}`
  })

/** @param {Workspace} workspace */
function showPeople(workspace) {
  const select = /** @type {HTMLSelectElement} */ (byId('person'))
  const known = workspace.people.some(({ id }) => id === person())
  const people = known ? workspace.people : [...workspace.people, { id: person(), name: person() }]
  showList(select, people, { key: ({ id }) => id, draw: ({ id, name }) => h('option', { value: id }, name) })
  select.value = person()
  fill(byId('person-avatar'), avatar(nameOf(workspace, person()), { picture: pictureOf(workspace, person()) }))
}

/**
 * Channels, direct conversations and who the person is.
 * @param {Workspace} workspace
 * @param {{ readonly channel: string, readonly unread: ReadonlySet<string> }} state
 */
export function showSidebar(workspace, { channel, unread }) {
  byId('team').textContent = `Simulated Slack`
  byId('team').title = workspace.team
  const look = (/** @type {string | undefined} */ id) => ({
    current: id !== undefined && id === channel,
    isNew: unread.has(id ?? ''),
  })
  showList(byId('channels'), openChannels(workspace), {
    key: ({ id }) => id,
    signature: ({ id, name, archived }) => JSON.stringify([name, archived, look(id)]),
    draw: ({ id, name, archived }) => {
      const { current, isNew } = look(id)
      return h(
        'li',
        {},
        h(
          'a',
          { href: `#/${id}`, class: isNew ? 'unread' : '', 'aria-current': current ? 'page' : undefined },
          icon('hash'),
          name,
          archived && ' (archived)',
          isNew && h('span', { class: 'visually-hidden' }, ' (new messages)'),
        ),
      )
    },
  })
  showList(byId('bots'), workspace.bots, {
    key: ({ bot }) => bot,
    signature: (bot) => JSON.stringify([person(), look(directWith(workspace, bot)?.id)]),
    draw: (bot) => {
      const { current, isNew } = look(directWith(workspace, bot)?.id)
      return h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            class: isNew ? 'unread' : '',
            'aria-current': current ? 'page' : undefined,
            onclick: () => openDirect(bot),
          },
          icon('robot'),
          bot.name,
          isNew && h('span', { class: 'visually-hidden' }, ' (new messages)'),
        ),
      )
    },
  })
  showPeople(workspace)
}
