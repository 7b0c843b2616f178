/* global addEventListener, location */
import { byId, fill, h, showList } from '../../wire/page/dom.js'
import { drawIcons } from '../../wire/page/icons.js'
import { keepFresh, say } from '../../wire/page/live.js'
import { avatar } from '../../wire/page/looks.js'
import { createConversation, createHome } from './home.js'
import { createChat, createInbox } from './messages.js'
import { become, person, readNetwork } from './network.js'

/** @typedef {{ readonly root: HTMLElement, readonly update: () => void, readonly begin?: () => void }} View */

/** @type {import('./network.js').Network} */
let network = { bots: [], people: [], posts: [], messages: [] }
const now = () => network

/** @param {string} hash @returns {View} */
function viewFor(hash) {
  const [, page, id = ''] = hash.split('/')
  if (page === 'post') return createConversation(now, id)
  if (page !== 'messages') return createHome(now)
  return id === '' ? createInbox(now) : createChat(now, decodeURIComponent(id))
}

/** @type {View} */
let view = viewFor(location.hash)

function show() {
  view = viewFor(location.hash)
  const inMessages = location.hash.startsWith('#/messages')
  byId('to-home').setAttribute('aria-current', String(!inMessages))
  byId('to-messages').setAttribute('aria-current', String(inMessages))
  fill(byId('view'), view.root)
  view.update()
  if (location.hash.endsWith('/reply')) view.begin?.()
}

function showPeople() {
  const select = /** @type {HTMLSelectElement} */ (byId('person'))
  const names = [...new Set([...network.people, person()])]
  showList(select, [...names, ''], {
    key: (name) => name,
    draw: (name) => h('option', { value: name }, name === '' ? 'Somebody else…' : `@${name}`),
  })
  select.value = person()
  fill(byId('person-avatar'), avatar(person()))
}

/** @param {string} handle */
function change(handle) {
  if (/^\w{1,30}$/.test(handle)) become(handle)
  else if (handle !== '') say('A handle has letters, digits and _, at most 30.')
  showPeople()
  show()
  refresh()
}

/** Asks for a handle where the list of people was. */
function askForHandle() {
  const select = byId('person')
  const field = h('input', { class: 'field', 'aria-label': 'Your handle', placeholder: 'handle', size: '12' })
  select.hidden = true
  select.after(field)
  field.focus()
  const done = () => {
    field.remove()
    select.hidden = false
    change(field.value.trim().replace(/^@/, ''))
  }
  field.addEventListener('blur', done, { once: true })
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === 'Escape') field.blur()
  })
}

byId('person').addEventListener('change', (event) => {
  const { value } = /** @type {HTMLSelectElement} */ (event.target)
  if (value === '') askForHandle()
  else change(value)
})
addEventListener('hashchange', show)
drawIcons()
show()

const refresh = keepFresh(async () => {
  const first = network.bots.length === 0
  network = await readNetwork()
  showPeople()
  showList(byId('bots'), network.bots, {
    key: ({ handle }) => handle,
    draw: ({ bot, handle }) =>
      h(
        'li',
        {},
        h(
          'a',
          { href: `#/messages/${handle}` },
          avatar(handle, { bot: true }),
          h('span', {}, h('strong', {}, bot), h('span', { class: 'quiet' }, `@${handle}`)),
        ),
      ),
  })
  if (first) show()
  else view.update()
})
