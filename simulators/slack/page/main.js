/* global addEventListener, document, HTMLElement, location */
import { byId } from '../../wire/page/dom.js'
import { drawIcons } from '../../wire/page/icons.js'
import { keepFresh } from '../../wire/page/live.js'
import { createChannel, createThread } from './channel.js'
import { createDoings } from './doings.js'
import { createModals } from './modal.js'
import { openProfile } from './profile.js'
import { showSidebar } from './sidebar.js'
import { become, channelOf, openChannels, person, readPosts, readWorkspace } from './workspace.js'

/** @type {import('./workspace.js').Workspace} */
let workspace = { team: '', channels: [], people: [], bots: [] }
/** @type {readonly import('./workspace.js').Post[]} */
let posts = []
/** @type {string | undefined} */
let editing
/** @type {Set<string>} */
const unread = new Set()

/** Where the address of the page points: `#/<channel>/<thread>`. */
function place() {
  const [, channel, thread] = location.hash.split('/')
  return { channel: channel || openChannels(workspace)[0]?.id || '', thread: thread || undefined }
}
const now = () => ({ workspace, posts, editing, ...place() })

function show() {
  const { channel, thread } = place()
  unread.delete(channel)
  showSidebar(workspace, { channel, unread })
  main.update()
  side.update()
  byId('frame').classList.toggle('with-thread', thread !== undefined)
}

async function read() {
  workspace = await readWorkspace()
  const { channel } = place()
  const fresh = channel === '' ? [] : await readPosts(channel)
  // The person may have gone elsewhere meanwhile.
  if (channel === place().channel) posts = fresh
  show()
  await modals.update()
}

/** A dot at the channels where something is new. @param {{ readonly channel?: string, readonly ephemeral?: boolean, readonly user?: string }} change */
function heard({ channel, ephemeral, user }) {
  if (channel === undefined || channel === place().channel) return
  if (ephemeral !== true || user === person()) unread.add(channel)
}

/** @param {boolean} open */
function showChannels(open) {
  byId('frame').classList.toggle('with-channels', open)
  byId('to-channels').setAttribute('aria-expanded', String(open))
}

function changePerson() {
  editing = undefined
  unread.clear()
  const here = channelOf(workspace, place().channel)
  if (here?.id.startsWith('D')) location.hash = ''
  refresh()
}

/** @param {string | undefined} ts */
function setEditing(ts) {
  editing = ts
  show()
  const editor = document.querySelector('[aria-label="Edit message"]')
  if (editor instanceof HTMLElement) editor.focus()
  refresh()
}

const refresh = keepFresh(read, heard)
const doings = createDoings({ workspace: () => workspace, refresh, setEditing })
const modals = createModals({ workspace: () => workspace, refresh })
const main = createChannel({ now, doings, refresh })
const side = createThread({ now, doings, refresh, close: () => (location.hash = `#/${place().channel}`) })

drawIcons()
addEventListener('hashchange', () => {
  if (posts[0]?.channel !== place().channel) posts = []
  showChannels(false)
  show()
  if (place().thread === undefined) main.focus()
  else side.focus()
  refresh()
})
byId('to-channels').addEventListener('click', () => showChannels(!byId('frame').classList.contains('with-channels')))
byId('profile').addEventListener('click', () =>
  openProfile(workspace, ({ other }) => (other ? changePerson() : refresh())),
)
byId('person').addEventListener('change', (event) => {
  become(/** @type {HTMLSelectElement} */ (event.target).value)
  changePerson()
})
