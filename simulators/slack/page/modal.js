import { get, post as call } from '../../wire/page/call.js'
import { openDialog } from '../../wire/page/box.js'
import { fill, h } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { attempt } from '../../wire/page/live.js'
import { drawBlocks } from './blocks.js'
import { createInput } from './inputs.js'
import { person } from './workspace.js'

/** @typedef {import('./workspace.js').Workspace} Workspace @typedef {import('./inputs.js').Input} Input */

/** @param {any} view @param {ReadonlyMap<string, Input>} inputs */
async function filledIn(view, inputs) {
  /** @type {Record<string, Record<string, unknown>>} */
  const values = {}
  const files = []
  for (const { blockId, actionId, value, uploads } of inputs.values()) {
    const entry = value()
    if (entry.length > 0) values[blockId] = { ...values[blockId], [actionId]: entry }
    for (const file of await uploads()) files.push({ ...file, actionId })
  }
  return { viewId: view.id, user: person(), values, files }
}

/**
 * The modals that apps open for this person: the newest one is shown.
 * @param {{ readonly workspace: () => Workspace, readonly refresh: () => void }} page
 */
export function createModals({ workspace, refresh }) {
  /** @type {HTMLDialogElement | undefined} */
  let dialog
  let shown = ''
  /** @type {Map<string, Input>} */
  let inputs = new Map()

  /** @param {any} view @param {HTMLElement} trouble */
  const submit = async (view, trouble) => {
    const missing = [...inputs.values()].filter(({ isMissing }) => isMissing())
    for (const input of inputs.values())
      input.complain(missing.includes(input) ? 'Please complete this required field.' : '')
    missing[0]?.focus()
    if (missing.length > 0) return
    await attempt(async () => {
      const result = await call('/_sim/views', await filledIn(view, inputs))
      for (const input of inputs.values()) input.complain(result.errors?.[input.blockId] ?? '')
      trouble.textContent = result.error ?? ''
    })
    refresh()
  }
  /** @param {any} view */
  const close = async (view) => {
    await attempt(() => call('/_sim/views', { viewId: view.id, user: person(), close: true }))
    refresh()
  }
  /** @param {any} view */
  const draw = (view) => {
    const before = inputs
    inputs = new Map()
    const onAction = (/** @type {object} */ field) =>
      attempt(() => call('/_sim/actions', { viewId: view.id, user: person(), ...field })).then(refresh)
    const input = (/** @type {any} */ block) => {
      const made = createInput(block, before.get(`${view.id} ${block.block_id}`))
      inputs.set(`${view.id} ${block.block_id}`, made)
      return made.root
    }
    const trouble = h('p', { class: 'mistake', role: 'alert' })
    return h(
      'form',
      {
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), void submit(view, trouble)),
      },
      h(
        'header',
        {},
        h('h2', { id: 'modal-title' }, view.title.text),
        h(
          'button',
          { type: 'button', class: 'icon', 'aria-label': 'Close', onclick: () => close(view) },
          icon('close'),
        ),
      ),
      drawBlocks(view.blocks, { workspace: workspace(), onAction, input }),
      trouble,
      h(
        'footer',
        {},
        h('button', { type: 'button', class: 'button', onclick: () => close(view) }, view.close?.text ?? 'Cancel'),
        view.submit && h('button', { type: 'submit', class: 'button primary' }, view.submit.text),
      ),
    )
  }
  /** @param {any} view */
  const show = (view) => {
    const mark = view === undefined ? '' : `${view.id} ${view.hash}`
    if (mark === shown) return
    shown = mark
    if (view === undefined) {
      dialog?.close()
      dialog = undefined
      return
    }
    if (dialog === undefined) {
      dialog = h('dialog', { 'aria-labelledby': 'modal-title', class: 'modal' })
      openDialog(dialog)
    }
    dialog.oncancel = (event) => (event.preventDefault(), void close(view))
    fill(dialog, draw(view))
    inputs.values().next().value?.focus()
  }
  return {
    update: async () => {
      const { views } = await get('/_sim/views', { user: person() })
      show(views.at(-1))
    },
  }
}
