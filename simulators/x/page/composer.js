import { createAttachments } from '../../wire/page/attachments.js'
import { grow } from '../../wire/page/box.js'
import { h } from '../../wire/page/dom.js'
import { attempt } from '../../wire/page/live.js'
import { createSuggestions } from '../../wire/page/suggestions.js'

/** A link counts as 23, most scripts beside the Latin ones count twice (twitter-text 3.1). @param {string} text */
function weightedLength(text) {
  const withoutLinks = text.replaceAll(/https?:\/\/\S+/g, 'x'.repeat(23)).normalize('NFC')
  const isSingle = (/** @type {string} */ letter) =>
    letter <= '\u10ff' || /[\u2000-\u200d\u2010-\u201f\u2032-\u2037]/.test(letter)
  return [...withoutLinks].reduce((sum, letter) => sum + (isSingle(letter) ? 1 : 2), 0)
}

const longestPost = 280

/** @param {() => readonly string[]} handles */
const handleFinder = (handles) => (/** @type {string} */ before) => {
  const [, typed] = /(?:^|[^\w@])@(\w{0,30})$/.exec(before) ?? []
  if (typed === undefined) return undefined
  const fitting = handles().filter((handle) => handle.toLowerCase().startsWith(typed.toLowerCase()))
  const options = fitting.map((handle) => ({ label: `@${handle}`, insert: `@${handle} ` }))
  return { from: before.length - typed.length - 1, options }
}

/**
 * Where a person writes a post, a reply or a direct message.
 * @param {{ readonly label: string, readonly action: string, readonly zone: HTMLElement, readonly mostMedia: number, readonly counts: boolean, readonly handles: () => readonly string[],
 *   readonly send: (written: { readonly text: string, readonly media: readonly import('../../wire/page/attachments.js').Upload[] }) => Promise<unknown> }} options
 */
export function createComposer({ label, action, zone, mostMedia, counts, handles, send }) {
  const field = h('textarea', { rows: '1', 'aria-label': label, placeholder: label, dir: 'auto' })
  const button = h('button', { type: 'submit', class: 'button primary', disabled: true }, action)
  const count = h('span', { class: 'count quiet', 'aria-live': 'off' })
  const attachments = createAttachments({ zone, field, most: mostMedia, accept: 'image/*', onChange: () => update() })
  const suggestions = createSuggestions(field, handleFinder(handles))
  const update = () => {
    // X takes a direct message without words, but no post without them; neither does its simulator.
    button.disabled = field.value.trim() === '' && (counts || attachments.count() === 0)
    const left = longestPost - weightedLength(field.value)
    count.textContent = counts && left <= 40 ? `${left}` : ''
    count.classList.toggle('over', left < 0)
    grow(field)
  }
  const submit = async () => {
    if (button.disabled) return
    button.disabled = true
    const sent = await attempt(async () => send({ text: field.value.trim(), media: await attachments.uploads() }))
    if (sent) {
      field.value = ''
      attachments.clear()
    }
    update()
    field.focus()
  }
  field.addEventListener('input', update)
  field.addEventListener('keydown', (event) => {
    if (suggestions.takes(event) || event.isComposing) return
    const plainEnter = !counts && event.key === 'Enter' && !event.shiftKey
    if (!plainEnter && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return
    event.preventDefault()
    void submit()
  })
  const form = h(
    'form',
    { class: 'composer', onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), void submit()) },
    suggestions.list,
    field,
    attachments.list,
    h('div', { class: 'tools' }, attachments.button, attachments.picker, count, button),
  )
  const begin = (/** @type {string} */ text) => {
    if (field.value.trim() === '') field.value = text
    update()
    field.focus()
  }
  return { form, begin }
}
