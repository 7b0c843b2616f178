import { openDialog } from '../../wire/page/box.js'
import { h } from '../../wire/page/dom.js'

/**
 * Asks "are you sure?" where an element wants it.
 * @param {any} confirm Block Kit's confirmation dialog object, or nothing.
 * @returns {Promise<boolean>}
 */
export function askFirst(confirm) {
  if (confirm === undefined) return Promise.resolve(true)
  return new Promise((answer) => {
    const yes = h('button', { type: 'button', class: `button ${confirm.style ?? 'primary'}` }, confirm.confirm.text)
    const no = h('button', { type: 'button', class: 'button' }, confirm.deny.text)
    const dialog = h(
      'dialog',
      { 'aria-label': confirm.title.text },
      h('form', {}, h('h2', {}, confirm.title.text), h('p', {}, confirm.text.text), h('footer', {}, no, yes)),
    )
    for (const [choice, isYes] of /** @type {const} */ ([
      [yes, true],
      [no, false],
    ]))
      choice.addEventListener('click', () => {
        answer(isYes)
        dialog.close()
      })
    dialog.addEventListener('cancel', () => answer(false))
    openDialog(dialog)
  })
}
