/* global document */

/** Grows a text box with what is written, up to what its style allows. @param {HTMLTextAreaElement} field */
export function grow(field) {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}

/**
 * Opens a dialog that is removed when it closes; the focus returns to where it was.
 * @param {HTMLDialogElement} dialog
 */
export function openDialog(dialog) {
  document.body.append(dialog)
  dialog.addEventListener('close', () => dialog.remove())
  dialog.showModal()
}
