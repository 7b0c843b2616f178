import { createAttachments } from '../../wire/page/attachments.js'
import { h } from '../../wire/page/dom.js'
import { menu, ticked, ticks } from './elements.js'

/**
 * @typedef {{ readonly control: HTMLElement, readonly value: () => string | readonly string[], readonly put: (value: string | readonly string[]) => void,
 *   readonly uploads?: () => Promise<readonly import('../../wire/page/attachments.js').Upload[]>, readonly count?: () => number }} Control
 * @typedef {{ readonly root: HTMLElement, readonly blockId: string, readonly actionId: string, readonly value: () => string | readonly string[],
 *   readonly uploads: () => Promise<readonly import('../../wire/page/attachments.js').Upload[]>,
 *   readonly isMissing: () => boolean, readonly complain: (words: string) => void, readonly focus: () => void }} Input
 */

/** @param {any} element @param {string} id @returns {Control} */
function textControl(element, id) {
  const attributes = {
    class: 'field',
    id,
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    dir: 'auto',
  }
  const control = element.multiline
    ? h('textarea', { rows: '4', ...attributes })
    : h('input', { type: 'text', ...attributes })
  control.value = element.initial_value ?? ''
  return { control, value: () => control.value, put: (value) => void (control.value = String(value)) }
}

/** @param {any} element @param {string} id @param {string} label @returns {Control} */
function menuControl(element, id, label) {
  const control = menu(element, label)
  control.id = id
  if (element.type !== 'multi_static_select')
    return { control, value: () => control.value, put: (value) => void (control.value = String(value)) }
  control.multiple = true
  control.options[0]?.remove()
  const select = (/** @type {readonly string[]} */ values) =>
    [...control.options].forEach((option) => (option.selected = values.includes(option.value)))
  select((element.initial_options ?? []).map((/** @type {any} */ option) => option.value))
  return {
    control,
    value: () => [...control.selectedOptions].map((option) => option.value),
    put: (values) => select([...values]),
  }
}

/** @param {any} element @param {string} id @param {string} label @returns {Control} */
function ticksControl(element, id, label) {
  const control = ticks(element, label)
  control.id = id
  const put = (/** @type {string | readonly string[]} */ values) =>
    control.querySelectorAll('input').forEach((box) => (box.checked = [values].flat().includes(box.value)))
  const isOne = element.type === 'radio_buttons'
  return { control, value: () => (isOne ? (ticked(control)[0] ?? '') : ticked(control)), put }
}

/** @param {any} element @param {string} id @returns {Control} */
function fileControl(element, id) {
  const control = h(
    'div',
    { class: 'drop', id, tabindex: '0' },
    h('span', { class: 'hint' }, 'Drop a file here, paste one, or '),
  )
  const accept = element.filetypes?.map((/** @type {string} */ type) => `.${type}`).join()
  const attachments = createAttachments({ zone: control, field: control, most: element.max_files ?? 10, accept })
  control.append(attachments.button, attachments.picker, attachments.list)
  return { control, value: () => [], put: () => undefined, uploads: attachments.uploads, count: attachments.count }
}

/** @param {any} element @param {string} id @param {string} label */
function controlOf(element, id, label) {
  if (element.type === 'file_input') return fileControl(element, id)
  if (element.type === 'plain_text_input') return textControl(element, id)
  return element.type.endsWith('static_select') ? menuControl(element, id, label) : ticksControl(element, id, label)
}

/**
 * One `input` block of a modal.
 * @param {any} block
 * @param {Input | undefined} before the same block before the modal was updated: what was entered stays.
 * @returns {Input}
 */
export function createInput(block, before) {
  const { element, block_id: blockId, label, hint, optional = false } = block
  const id = `input-${blockId}`
  const { control, value, put, uploads = async () => [], count } = controlOf(element, id, label.text)
  if (before !== undefined && before.actionId === element.action_id && before.value().length > 0) put(before.value())
  const mistake = h('span', { class: 'mistake', role: 'alert', id: `${id}-mistake` })
  control.setAttribute('aria-describedby', mistake.id)
  const title = optional ? `${label.text} (optional)` : label.text
  const root = h(
    'div',
    { class: 'control' },
    control.matches('input, select, textarea') ? h('label', { for: id }, title) : h('span', {}, title),
    control,
    hint && h('span', { class: 'hint' }, hint.text),
    mistake,
  )
  return {
    root,
    blockId,
    actionId: element.action_id,
    value,
    uploads,
    isMissing: () => !optional && value().length === 0 && (count?.() ?? 0) === 0,
    complain: (words) => {
      mistake.textContent = words
      control.setAttribute('aria-invalid', String(words !== ''))
    },
    focus: () => control.focus(),
  }
}
