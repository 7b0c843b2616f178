import { h } from '../../wire/page/dom.js'
import { clickable } from './elements.js'
import { mrkdwn, textObject } from './mrkdwn.js'

/**
 * @typedef {import('./workspace.js').Workspace} Workspace
 * @typedef {{ readonly workspace: Workspace, readonly onAction: import('./elements.js').OnAction, readonly input?: (block: any) => HTMLElement }} Context
 */

const hostsHere = /^https:\/\/(?:pictures\.example|[\w-]+\.slack-edge\.com|secure\.gravatar\.com)\//

/** Where the browser finds a picture; nothing when it lies outside of this machine. @param {any} picture */
function sourceOf({ slack_file, image_url }) {
  const id = slack_file?.id ?? /\/files-\w+\/[^/-]+-([A-Z0-9]+)/.exec(slack_file?.url ?? image_url ?? '')?.[1]
  if (id !== undefined) return `/_sim/files/${id}`
  return hostsHere.test(image_url ?? '') ? `/_sim/hosted?url=${encodeURIComponent(image_url)}` : undefined
}

/** @param {any} picture @param {string} kind */
function image(picture, kind) {
  const src = sourceOf(picture)
  if (src !== undefined) return h('img', { class: kind, src, alt: picture.alt_text })
  return h('span', { class: 'quiet' }, `Picture elsewhere: ${picture.alt_text}`)
}

/** @param {any} block @param {Context} context */
function section(block, { workspace, onAction }) {
  const { text, fields, accessory, block_id } = block
  const beside =
    accessory?.type === 'image' ? image(accessory, 'beside') : accessory && clickable(accessory, block_id, onAction)
  return h(
    'div',
    { class: 'block section' },
    h(
      'div',
      {},
      text && h('div', { class: 'text' }, textObject(workspace, text)),
      fields &&
        h(
          'div',
          { class: 'fields' },
          fields.map((/** @type {any} */ field) => h('div', { class: 'text' }, textObject(workspace, field))),
        ),
    ),
    beside,
  )
}

/** What a `rich_text` block says, without its looks. @param {any} element @returns {string} */
const plainOf = (element) => element.text ?? element.url ?? (element.elements ?? []).map(plainOf).join('')

/** @type {Readonly<Record<string, (block: any, context: Context) => HTMLElement>>} */
const drawers = {
  section,
  header: ({ text }) => h('h3', { class: 'block' }, text.text),
  divider: () => h('hr', { class: 'block' }),
  context: ({ elements }, { workspace }) =>
    h(
      'div',
      { class: 'block context' },
      elements.map((/** @type {any} */ element) =>
        element.type === 'image' ? image(element, 'small') : h('span', {}, textObject(workspace, element)),
      ),
    ),
  actions: ({ elements, block_id }, { onAction }) =>
    h(
      'div',
      { class: 'block actions' },
      elements.map((/** @type {any} */ element) => clickable(element, block_id, onAction)),
    ),
  image: (block) =>
    h('figure', { class: 'block' }, block.title && h('figcaption', {}, block.title.text), image(block, 'large')),
  markdown: ({ text }, { workspace }) => h('div', { class: 'block text' }, mrkdwn(workspace, text)),
  rich_text: (block) => h('div', { class: 'block text' }, plainOf(block)),
}

/** Blocks as elements. @param {readonly any[]} blocks @param {Context} context */
export const drawBlocks = (blocks, context) =>
  blocks.map((block) => {
    if (block.type === 'input' && context.input !== undefined) return context.input(block)
    return (
      drawers[block.type]?.(block, context) ??
      h('p', { class: 'block quiet' }, `A block of the type ${block.type} is not shown here.`)
    )
  })
