import { h } from '../../wire/page/dom.js'
import { clickable } from './elements.js'
import { mrkdwn, textObject } from './mrkdwn.js'

/**
 * Block Kit as far as messages and modals draw it here; what can be clicked is drawn by `elements.js`.
 * @typedef {import('./workspace.js').Workspace} Workspace
 * @typedef {{ readonly type: string, readonly text: string }} TextObject
 * @typedef {{ readonly alt_text: string, readonly slack_file?: { readonly id?: string, readonly url?: string }, readonly image_url?: string }} Picture
 * @typedef {{ readonly type: 'image' } & Picture} ImageElement
 * @typedef {{ readonly type: Exclude<string, 'image'>, readonly action_id?: string }} Clickable
 * @typedef {{ readonly text?: string, readonly url?: string, readonly elements?: readonly RichText[] }} RichText
 * @typedef {{ readonly type: 'section', readonly block_id: string, readonly text?: TextObject, readonly fields?: readonly TextObject[], readonly accessory?: ImageElement | Clickable }} Section
 * @typedef {{ readonly type: 'header', readonly text: TextObject }} Header
 * @typedef {{ readonly type: 'divider' }} Divider
 * @typedef {{ readonly type: 'context', readonly elements: readonly (ImageElement | TextObject)[] }} ContextBlock
 * @typedef {{ readonly type: 'actions', readonly block_id: string, readonly elements: readonly Clickable[] }} Actions
 * @typedef {{ readonly type: 'image', readonly title?: TextObject } & Picture} ImageBlock
 * @typedef {{ readonly type: 'markdown', readonly text: string }} Markdown
 * @typedef {{ readonly type: 'rich_text' } & RichText} RichTextBlock
 * @typedef {{ readonly type: 'input', readonly block_id: string, readonly label: TextObject, readonly element: Clickable }} InputBlock
 * @typedef {Section | Header | Divider | ContextBlock | Actions | ImageBlock | Markdown | RichTextBlock | InputBlock} Block
 * @typedef {{ readonly workspace: Workspace, readonly onAction: import('./elements.js').OnAction, readonly input?: (block: InputBlock) => HTMLElement }} Context
 */

const hostsHere = /^https:\/\/(?:pictures\.example|[\w-]+\.slack-edge\.com|secure\.gravatar\.com)\//

/** Where the browser finds a picture; nothing when it lies outside of this machine. @param {Picture} picture */
function sourceOf({ slack_file, image_url }) {
  const id = slack_file?.id ?? /\/files-\w+\/[^/-]+-([A-Z0-9]+)/.exec(slack_file?.url ?? image_url ?? '')?.[1]
  if (id !== undefined) return `/_sim/files/${id}`
  return image_url !== undefined && hostsHere.test(image_url)
    ? `/_sim/hosted?url=${encodeURIComponent(image_url)}`
    : undefined
}

/** @param {Picture} picture @param {string} kind */
function image(picture, kind) {
  const src = sourceOf(picture)
  if (src !== undefined) return h('img', { class: kind, src, alt: picture.alt_text })
  return h('span', { class: 'quiet' }, `Picture elsewhere: ${picture.alt_text}`)
}

/** @param {ImageElement | TextObject | Clickable} element @returns {element is ImageElement} */
const isImage = (element) => element.type === 'image'

/** @param {Section} block @param {Context} context */
function section(block, { workspace, onAction }) {
  const { text, fields, accessory, block_id } = block
  const beside =
    accessory && (isImage(accessory) ? image(accessory, 'beside') : clickable(accessory, block_id, onAction))
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
          fields.map((field) => h('div', { class: 'text' }, textObject(workspace, field))),
        ),
    ),
    beside,
  )
}

/** What a `rich_text` block says, without its looks. @param {RichText} element @returns {string} */
const plainOf = (element) => element.text ?? element.url ?? (element.elements ?? []).map(plainOf).join('')

/** @type {{ readonly [T in Exclude<Block['type'], 'input'>]: (block: Extract<Block, { readonly type: T }>, context: Context) => HTMLElement }} */
const drawers = {
  section,
  header: ({ text }) => h('h3', { class: 'block' }, text.text),
  divider: () => h('hr', { class: 'block' }),
  context: ({ elements }, { workspace }) =>
    h(
      'div',
      { class: 'block context' },
      elements.map((element) =>
        isImage(element) ? image(element, 'small') : h('span', {}, textObject(workspace, element)),
      ),
    ),
  actions: ({ elements, block_id }, { onAction }) =>
    h(
      'div',
      { class: 'block actions' },
      elements.map((element) => clickable(element, block_id, onAction)),
    ),
  image: (block) =>
    h('figure', { class: 'block' }, block.title && h('figcaption', {}, block.title.text), image(block, 'large')),
  markdown: ({ text }, { workspace }) => h('div', { class: 'block text' }, mrkdwn(workspace, text)),
  rich_text: (block) => h('div', { class: 'block text' }, plainOf(block)),
}

/** @param {Exclude<Block, InputBlock>} block @returns {(block: Exclude<Block, InputBlock>, context: Context) => HTMLElement} */
const drawerOf = ({ type }) =>
  /** @type {Readonly<Partial<Record<string, (block: Exclude<Block, InputBlock>, context: Context) => HTMLElement>>>} */ (
    drawers
  )[type] ?? (() => h('p', { class: 'block quiet' }, `A block of the type ${type} is not shown here.`))

/** Blocks as elements. @param {readonly Block[]} blocks @param {Context} context */
export const drawBlocks = (blocks, context) =>
  blocks.map((block) => {
    if (block.type !== 'input') return drawerOf(block)(block, context)
    return context.input?.(block) ?? h('p', { class: 'block quiet' }, 'A form is not shown here.')
  })
