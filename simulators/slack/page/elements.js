/* global setTimeout */
import { h } from '../../wire/page/dom.js'
import { askFirst } from './confirm.js'

/**
 * @typedef {{ readonly text: { readonly text: string }, readonly value: string, readonly description?: { readonly text: string } }} Option
 * @typedef {(field: { readonly actionId: string, readonly blockId: string, readonly value?: string | readonly string[] }) => Promise<unknown>} OnAction
 */

/** @param {any} element @returns {readonly Option[]} */
export const optionsOf = ({ options = [], option_groups = [] }) => [
  ...options,
  ...option_groups.flatMap((/** @type {any} */ group) => group.options),
]

/** @param {Option} option */
const drawOption = (option) => h('option', { value: option.value }, option.text.text)

/** A menu's options, in their groups. @param {any} element */
const choices = (element) =>
  element.option_groups?.map((/** @type {any} */ group) =>
    h('optgroup', { label: group.label.text }, group.options.map(drawOption)),
  ) ?? (element.options ?? []).map(drawOption)

/** @param {any} element @param {string} label */
export function menu(element, label) {
  const placeholder = element.placeholder?.text ?? (element.type === 'overflow' ? '⋯' : 'Choose…')
  const select = h('select', { 'aria-label': label }, h('option', { value: '' }, placeholder), choices(element))
  select.value = element.initial_option?.value ?? ''
  return select
}

/** Boxes or circles to tick. @param {any} element @param {string} label */
export function ticks(element, label) {
  const one = element.type === 'radio_buttons'
  const initial = [element.initial_option, ...(element.initial_options ?? [])].map((option) => option?.value)
  const name = `ticks-${Math.random().toString(36).slice(2)}`
  return h(
    'div',
    { class: 'ticks', role: one ? 'radiogroup' : 'group', 'aria-label': label },
    optionsOf(element).map((option) => {
      const box = h('input', { type: one ? 'radio' : 'checkbox', name, value: option.value })
      box.checked = initial.includes(option.value)
      return h(
        'label',
        {},
        box,
        ' ',
        option.text.text,
        option.description !== undefined && h('span', { class: 'hint' }, ` ${option.description.text}`),
      )
    }),
  )
}

/** What is ticked. @param {HTMLElement} box */
export const ticked = (box) =>
  [...box.querySelectorAll('input')].filter(({ checked }) => checked).map(({ value }) => value)

/** @param {any} element @param {string} blockId @param {OnAction} onAction */
function button(element, blockId, onAction) {
  const made = h(
    'button',
    { type: 'button', class: `button ${element.style ?? ''}`, 'aria-label': element.accessibility_label },
    element.text.text,
  )
  made.addEventListener('click', async () => {
    if (!(await askFirst(element.confirm))) return
    made.disabled = true
    await onAction({
      actionId: element.action_id,
      blockId,
      ...(element.value !== undefined && { value: element.value }),
    })
    // A click takes a moment to be answered; a second one in that moment would be a second answer.
    setTimeout(() => {
      made.disabled = false
    }, 400)
  })
  return made
}

/**
 * Something to click in a message or a modal.
 * @param {any} element
 * @param {string} blockId
 * @param {OnAction} onAction
 */
export function clickable(element, blockId, onAction) {
  if (element.type === 'button') return button(element, blockId, onAction)
  const label = element.placeholder?.text ?? (element.type === 'overflow' ? 'More' : 'Choose')
  const isTicks = element.type === 'checkboxes' || element.type === 'radio_buttons'
  const control = isTicks ? ticks(element, label) : menu(element, label)
  control.addEventListener('change', async () => {
    const value = control.tagName === 'SELECT' ? /** @type {HTMLSelectElement} */ (control).value : ticked(control)
    if (value === '' || !(await askFirst(element.confirm))) return
    await onAction({
      actionId: element.action_id,
      blockId,
      value: element.type === 'radio_buttons' ? (value[0] ?? '') : value,
    })
  })
  return control
}
