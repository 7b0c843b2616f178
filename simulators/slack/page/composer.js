import { createAttachments } from '../../wire/page/attachments.js'
import { grow } from '../../wire/page/box.js'
import { h } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { attempt } from '../../wire/page/live.js'
import { createSuggestions } from '../../wire/page/suggestions.js'
import { send } from './send.js'
import { person } from './workspace.js'

/** @typedef {import('./workspace.js').Workspace} Workspace */

/** @param {Workspace} workspace @param {string} typed */
function membersLike({ bots, people }, typed) {
  const others = people.filter(({ id }) => id !== person())
  const all = [
    ...bots.map(({ name }) => ({ name, detail: 'app' })),
    ...others.map(({ name }) => ({ name, detail: 'person' })),
  ]
  const fitting = all.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
  return fitting.map(({ name, detail }) => ({ label: `@${name}`, detail, insert: `@${name} ` }))
}

/** @param {Workspace} workspace @param {string} typed @param {Map<string, string>} chosen */
const commandsLike = ({ bots }, typed, chosen) =>
  bots.flatMap(({ bot, name, commands }) =>
    commands
      .filter(({ command }) => command.startsWith(typed))
      .map(({ command, usage = '', description = '' }) => ({
        label: command,
        detail: [usage, description, name].filter((part) => part !== '').join(' · '),
        insert: `${command} `,
        onTake: () => chosen.set(command, bot),
      })),
  )

/**
 * The box at the foot of a channel or a thread.
 * @param {{ readonly workspace: () => Workspace, readonly place: () => { readonly channel: string, readonly threadTs?: string | undefined }, readonly zone: HTMLElement, readonly refresh: () => void }} page
 */
export function createComposer({ workspace, place, zone, refresh }) {
  /** Which bot a command of several was taken from in the list. @type {Map<string, string>} */
  const chosen = new Map()
  const field = h('textarea', { rows: '1', dir: 'auto' })
  const button = h(
    'button',
    { type: 'submit', class: 'button primary', 'aria-label': 'Send', disabled: true },
    icon('send'),
  )
  const attachments = createAttachments({ zone, field, most: 10, onChange: () => update() })
  const suggestions = createSuggestions(field, (before) => {
    const [, typed] = /(?:^|[^\w@])@([\w-]{0,40})$/.exec(before) ?? []
    if (typed !== undefined) return { from: before.length - typed.length - 1, options: membersLike(workspace(), typed) }
    return /^\/\S*$/.test(before) ? { from: 0, options: commandsLike(workspace(), before, chosen) } : undefined
  })
  let sending = false
  const update = () => {
    button.disabled = sending || (field.value.trim() === '' && attachments.count() === 0)
    grow(field)
  }
  const submit = async () => {
    if (button.disabled) return
    sending = true
    update()
    const sent = await attempt(async () =>
      send({ workspace: workspace(), ...place(), text: field.value, files: await attachments.uploads(), chosen }),
    )
    sending = false
    if (sent) {
      field.value = ''
      attachments.clear()
    }
    update()
    refresh()
  }
  field.addEventListener('input', update)
  field.addEventListener('keydown', (event) => {
    if (suggestions.takes(event) || event.isComposing || event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    void submit()
  })
  const root = h(
    'form',
    { class: 'composer', onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), void submit()) },
    suggestions.list,
    field,
    attachments.list,
    h('div', { class: 'tools' }, attachments.button, attachments.picker, button),
  )
  /** @param {string} label */
  const name = (label) => {
    field.setAttribute('aria-label', label)
    field.placeholder = label
  }
  return { root, name, focus: () => field.focus() }
}
