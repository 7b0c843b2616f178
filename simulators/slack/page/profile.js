import { createAttachments } from '../../wire/page/attachments.js'
import { openDialog } from '../../wire/page/box.js'
import { post as call } from '../../wire/page/call.js'
import { h } from '../../wire/page/dom.js'
import { attempt } from '../../wire/page/live.js'
import { avatar } from '../../wire/page/looks.js'
import { become, nameOf, person, pictureOf } from './workspace.js'

/** @param {string} name */
const idFor = (name) => `U0${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') || 'X'}`

/**
 * A dialog for the person's name and picture, and for adding a person.
 * @param {import('./workspace.js').Workspace} workspace
 * @param {(change: { readonly other: boolean }) => void} done
 */
export function openProfile(workspace, done) {
  const name = h('input', { class: 'field', value: nameOf(workspace, person()), required: true, maxlength: '80' })
  const other = h('input', { class: 'field', placeholder: 'Name', maxlength: '80' })
  const drop = h(
    'div',
    { class: 'drop', tabindex: '0' },
    h('span', { class: 'hint' }, 'Drop a picture here, paste one, or '),
  )
  const attachments = createAttachments({ zone: drop, field: drop, most: 1, accept: 'image/*' })
  drop.append(attachments.button, attachments.picker, attachments.list)
  const picture = pictureOf(workspace, person())
  const save = async () => {
    const [file] = await attachments.uploads()
    const saved = await attempt(async () => {
      await call('/_sim/people', {
        user: person(),
        name: name.value.trim() || person(),
        ...(file && { picture: file.base64 }),
      })
      if (other.value.trim() === '') return
      await call('/_sim/people', { user: idFor(other.value), name: other.value.trim() })
      become(idFor(other.value))
    })
    if (!saved) return
    dialog.close()
    done({ other: other.value.trim() !== '' })
  }
  const remove = async () => {
    await attempt(() => call('/_sim/people', { user: person(), picture: '' }))
    dialog.close()
    done({ other: false })
  }
  const dialog = h(
    'dialog',
    { 'aria-label': 'Your profile' },
    h(
      'form',
      { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), void save()) },
      h('h2', {}, 'Your profile'),
      h('label', {}, 'Name', name),
      h('div', { class: 'control' }, h('span', {}, 'Profile picture'), avatar(name.value, { picture }), drop),
      picture !== undefined &&
        h('button', { type: 'button', class: 'button danger', onclick: remove }, 'Take the picture away'),
      h('label', {}, 'Become somebody new', other),
      h(
        'footer',
        {},
        h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary' }, 'Save'),
      ),
    ),
  )
  openDialog(dialog)
}
