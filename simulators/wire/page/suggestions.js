/* global setTimeout */
import { fill, h } from './dom.js'

/**
 * @typedef {{ readonly label: string, readonly detail?: string, readonly insert: string, readonly onTake?: () => void }} Suggestion
 * @typedef {{ readonly from: number, readonly options: readonly Suggestion[] }} Found
 */

let lists = 0

/**
 * Completes what is being written in `field`: arrow keys choose, Enter or Tab takes, Escape closes. The pattern is the ARIA
 * Authoring Practices' combobox with a listbox.
 * @param {HTMLTextAreaElement} field
 * @param {(before: string) => Found | undefined} find what fits the text before the caret, and where the part to be replaced begins.
 */
export function createSuggestions(field, find) {
  lists += 1
  const id = `suggestions-${lists}`
  const list = h('ul', { class: 'suggestions', role: 'listbox', id, 'aria-label': 'Suggestions', hidden: true })
  for (const [name, value] of Object.entries({
    'aria-autocomplete': 'list',
    'aria-controls': id,
    'aria-expanded': 'false',
    role: 'combobox',
  }))
    field.setAttribute(name, value)
  /** @type {Found | undefined} */
  let found
  let chosen = 0
  const show = () => {
    list.hidden = found === undefined
    field.setAttribute('aria-expanded', String(!list.hidden))
    fill(list, found?.options.map(drawn))
    if (found === undefined) field.removeAttribute('aria-activedescendant')
    else field.setAttribute('aria-activedescendant', `${id}-${chosen}`)
    list.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }
  /** @param {Suggestion} option @param {number} at */
  const drawn = (option, at) =>
    h(
      'li',
      {
        role: 'option',
        id: `${id}-${at}`,
        'aria-selected': String(at === chosen),
        onmousedown: (/** @type {Event} */ event) => take(event, at),
      },
      h('strong', {}, option.label),
      option.detail !== undefined && h('span', {}, option.detail),
    )
  /** @param {Event} event @param {number} at */
  const take = (event, at) => {
    event.preventDefault()
    const option = found?.options[at]
    if (found === undefined || option === undefined) return
    field.setRangeText(option.insert, found.from, field.selectionEnd, 'end')
    option.onTake?.()
    found = undefined
    show()
  }
  const close = () => {
    found = undefined
    show()
  }
  const update = () => {
    const next = find(field.value.slice(0, field.selectionEnd))
    found = next !== undefined && next.options.length > 0 ? next : undefined
    chosen = 0
    show()
  }
  field.addEventListener('input', update)
  field.addEventListener('blur', () => setTimeout(close, 100))
  return {
    list,
    close,
    /** Whether the list took the key. @param {KeyboardEvent} event */
    takes: (event) => {
      if (found === undefined) return false
      const count = found.options.length
      const step = { ArrowDown: 1, ArrowUp: count - 1 }[event.key]
      if (step !== undefined) {
        event.preventDefault()
        chosen = (chosen + step) % count
        show()
      } else if (event.key === 'Enter' || event.key === 'Tab') take(event, chosen)
      else if (event.key === 'Escape') close()
      else return false
      return true
    },
  }
}
