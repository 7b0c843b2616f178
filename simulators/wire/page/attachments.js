/* global FileReader, URL */
import { fill, h } from './dom.js'
import { icon } from './icons.js'

/** @typedef {{ readonly name: string, readonly base64: string }} Upload */

/** @param {File} file @returns {Promise<Upload>} */
function read(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done({ name: file.name || 'pasted.png', base64: String(reader.result).split(',')[1] ?? '' })
    reader.onerror = () => failed(new Error('the file cannot be read'))
    reader.readAsDataURL(file)
  })
}

/** @param {File} file */
function preview(file) {
  if (!file.type.startsWith('image/')) return h('span', { class: 'file-icon' }, icon('file'))
  const url = URL.createObjectURL(file)
  return h('img', { src: url, alt: '', onload: () => URL.revokeObjectURL(url) })
}

/**
 * Files that a person is about to send: from a picker, dropped onto `zone`, or pasted into `field`.
 * @param {{ readonly zone: HTMLElement, readonly field: HTMLElement, readonly most: number, readonly accept?: string, readonly onChange?: () => void }} options
 */
export function createAttachments({ zone, field, most, accept, onChange = () => undefined }) {
  /** @type {File[]} */
  let files = []
  const list = h('ul', { class: 'attachments', 'aria-label': 'Files to send' })
  const picker = h('input', {
    type: 'file',
    multiple: most > 1,
    accept,
    class: 'visually-hidden',
    tabindex: '-1',
    'aria-label': 'Choose files',
  })
  const button = h(
    'button',
    {
      type: 'button',
      class: 'icon',
      'aria-label': 'Attach a file',
      title: 'Attach a file',
      onclick: () => picker.click(),
    },
    icon('clip'),
  )
  const show = () => {
    fill(
      list,
      files.map((file) =>
        h(
          'li',
          {},
          preview(file),
          h('span', { class: 'name' }, file.name || 'pasted picture'),
          h(
            'button',
            {
              type: 'button',
              class: 'icon',
              'aria-label': `Remove ${file.name}`,
              onclick: () => keep(files.filter((other) => other !== file)),
            },
            icon('close'),
          ),
        ),
      ),
    )
    onChange()
  }
  /** @param {readonly File[]} next */
  const keep = (next) => {
    files = next.slice(0, most)
    show()
  }
  /** @param {FileList | undefined | null} more */
  const add = (more) => keep([...files, ...(more ?? [])])
  picker.addEventListener('change', () => {
    add(picker.files)
    picker.value = ''
    field.focus()
  })
  zone.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    zone.classList.add('drop-here')
  })
  zone.addEventListener('dragleave', () => zone.classList.remove('drop-here'))
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    zone.classList.remove('drop-here')
    add(event.dataTransfer?.files)
    field.focus()
  })
  field.addEventListener('paste', (event) => {
    const pasted = event.clipboardData?.files
    if (pasted === undefined || pasted.length === 0) return
    event.preventDefault()
    add(pasted)
  })
  return {
    list,
    button,
    picker,
    count: () => files.length,
    /** @returns {Promise<readonly Upload[]>} */
    uploads: () => Promise.all(files.map(read)),
    clear: () => keep([]),
  }
}
