/* global innerHeight, innerWidth */
import { h } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'

/** @typedef {{ readonly label: string, readonly run: () => void, readonly danger?: boolean }} Entry */

/**
 * A button with a menu of what can be done with a message.
 * @param {readonly Entry[]} entries
 */
export function moreMenu(entries) {
  const menu = h('div', { class: 'menu', popover: 'auto' })
  const button = h(
    'button',
    { type: 'button', class: 'icon', 'aria-label': 'More actions', title: 'More actions', 'aria-haspopup': 'true' },
    icon('more'),
  )
  button.popoverTargetElement = menu
  for (const { label, run, danger } of entries)
    menu.append(
      h('button', { type: 'button', class: danger ? 'danger' : '', onclick: () => (menu.hidePopover(), run()) }, label),
    )
  menu.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open') return
    const { left, bottom, top } = button.getBoundingClientRect()
    const below = bottom + 4 + menu.offsetHeight < innerHeight
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`
    menu.style.top = `${below ? bottom + 4 : Math.max(8, top - menu.offsetHeight - 4)}px`
    menu.querySelector('button')?.focus()
  })
  return [button, menu]
}
