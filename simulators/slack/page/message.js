import { grow } from '../../wire/page/box.js'
import { h } from '../../wire/page/dom.js'
import { icon } from '../../wire/page/icons.js'
import { avatar, clockTime, time } from '../../wire/page/looks.js'
import { drawBlocks } from './blocks.js'
import { createInput } from './inputs.js'
import { moreMenu } from './more-menu.js'
import { mrkdwn } from './mrkdwn.js'
import { asTyped, dateOf, isReply, nameOf, person, pictureOf } from './workspace.js'

/**
 * @typedef {import('./workspace.js').Post} Post
 * @typedef {import('./workspace.js').Workspace} Workspace
 * @typedef {{
 *   readonly click: (post: Post, field: { readonly actionId: string, readonly blockId: string, readonly value?: string | readonly string[], readonly values?: object }) => Promise<unknown>,
 *   readonly thread: (post: Post) => void, readonly copyLink: (post: Post) => void,
 *   readonly shortcut: (post: Post, bot: string, callbackId: string) => void,
 *   readonly edit: (post: Post | undefined) => void, readonly save: (post: Post, text: string) => void, readonly remove: (post: Post) => void,
 * }} Doings
 * @typedef {{ readonly workspace: Workspace, readonly doings: Doings, readonly replies: readonly Post[], readonly inThread: boolean, readonly editing: boolean }} Context
 */

/** @param {import('./workspace.js').SharedFile} file */
function drawFile(file) {
  const href = `/_sim/files/${file.id}`
  const card = h(
    'a',
    { class: 'file', href, target: '_blank', rel: 'noopener' },
    icon('file'),
    h('span', {}, file.name),
  )
  if (file.mimetype !== '' && !file.mimetype.startsWith('image/')) return card
  const img = h('img', { src: href, alt: file.name, class: 'large', loading: 'lazy' })
  // Not every picture can be shown by a browser (HEIC).
  img.addEventListener('error', () => img.parentElement?.replaceWith(card))
  return h('a', { href, target: '_blank', rel: 'noopener' }, img)
}

/** @param {Post} post @param {Context} context */
function drawEditor(post, { workspace, doings }) {
  const field = h('textarea', { class: 'field', rows: '1', 'aria-label': 'Edit message', dir: 'auto' })
  field.value = asTyped(workspace, post.text)
  field.addEventListener('input', () => grow(field))
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') doings.edit(undefined)
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    doings.save(post, field.value)
  })
  return h(
    'div',
    { class: 'editor' },
    field,
    h('button', { type: 'button', class: 'button', onclick: () => doings.edit(undefined) }, 'Cancel'),
    h('button', { type: 'button', class: 'button primary', onclick: () => doings.save(post, field.value) }, 'Save'),
  )
}

/** Whoever uses the standard manifest has this entry in a message's menu. */
const standardShortcuts = [{ callbackId: 'correct', name: 'Correct this answer' }]

/** @param {Post} post @param {Context} context */
function entriesOf(post, { workspace, doings }) {
  const offering = workspace.bots.filter(({ bot, shortcuts }) =>
    post.bot === undefined ? shortcuts.length > 0 : bot === post.bot,
  )
  const shortcuts = offering.flatMap((bot) =>
    (bot.shortcuts.length > 0 ? bot.shortcuts : standardShortcuts).map(({ callbackId, name }) => ({
      label: post.bot === undefined ? `${name} (${bot.name})` : name,
      run: () => doings.shortcut(post, bot.bot, callbackId),
    })),
  )
  const mine = post.bot === undefined && post.user === person()
  return [
    ...shortcuts,
    { label: 'Copy link', run: () => doings.copyLink(post) },
    ...(mine
      ? [
          { label: 'Edit message', run: () => doings.edit(post) },
          { label: 'Delete message', run: () => doings.remove(post), danger: true },
        ]
      : []),
  ]
}

/** @param {Post} post @param {Context} context */
function toolbar(post, context) {
  if (post.ephemeral) return null
  const reply = h(
    'button',
    {
      type: 'button',
      class: 'icon',
      'aria-label': 'Reply in thread',
      title: 'Reply in thread',
      onclick: () => context.doings.thread(post),
    },
    icon('reply'),
  )
  return h('div', { class: 'toolbar' }, !context.inThread && reply, moreMenu(entriesOf(post, context)))
}

/** @param {Post} post @param {Context} context */
function threadLink(post, { replies, inThread, doings }) {
  const last = replies.at(-1)
  if (inThread || last === undefined) return null
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`
  return h(
    'button',
    { type: 'button', class: 'to-thread', onclick: () => doings.thread(post) },
    h('strong', {}, count),
    h('span', { class: 'quiet' }, ` Last reply ${clockTime(dateOf(last.ts))}`),
  )
}

/**
 * The inputs that were drawn last, by message and block: what is written into them stays when the message is drawn again.
 * @type {Map<string, import('./inputs.js').Input>}
 */
const drawn = new Map()

/** The inputs of one message, and what is written into them when something is clicked. @param {string} ts */
function messageInputs(ts) {
  /** @type {import('./inputs.js').Input[]} */
  const inputs = []
  return {
    input: (/** @type {any} */ block) => {
      const key = `${ts} ${block.block_id}`
      const made = createInput(block, drawn.get(key))
      drawn.set(key, made)
      inputs.push(made)
      return made.root
    },
    values: () =>
      Object.fromEntries(
        inputs
          .filter(({ value }) => value().length > 0)
          .map(({ blockId, actionId, value }) => [blockId, { [actionId]: value() }]),
      ),
  }
}

/** @param {Post} post @param {Context} context */
function content(post, context) {
  const { workspace, doings, editing } = context
  if (editing) return drawEditor(post, context)
  if (post.blocks !== undefined && post.blocks.length > 0) {
    const { input, values } = messageInputs(post.ts)
    const onAction = (/** @type {Parameters<Doings['click']>[1]} */ field) =>
      doings.click(post, { ...field, values: values() })
    return drawBlocks(post.blocks, { workspace, onAction, input })
  }
  return h(
    'div',
    { class: 'text', dir: 'auto' },
    mrkdwn(workspace, post.text),
    post.edited !== undefined && h('span', { class: 'quiet small' }, ' (edited)'),
  )
}

/** One message. @param {Post} post @param {Context} context */
export function drawMessage(post, context) {
  const { workspace } = context
  const author = post.bot ?? nameOf(workspace, post.user ?? '')
  const isApp = post.bot !== undefined
  const reactions = [...new Set((post.reactions ?? []).map(({ name }) => name))]
  return h(
    'article',
    { class: `message${post.ephemeral ? ' ephemeral' : ''}`, 'data-ts': post.ts, 'aria-label': `Message of ${author}` },
    avatar(author, { bot: isApp, picture: isApp ? undefined : pictureOf(workspace, post.user) }),
    h(
      'div',
      { class: 'body' },
      post.ephemeral && h('p', { class: 'quiet small only-you' }, icon('eye'), 'Only visible to you'),
      h(
        'header',
        {},
        h('strong', {}, author),
        isApp && h('span', { class: 'badge' }, 'APP'),
        h('span', { class: 'quiet small' }, time(dateOf(post.ts))),
      ),
      !context.inThread && isReply(post) && h('p', { class: 'quiet small' }, 'replied in a thread'),
      content(post, context),
      post.files !== undefined && h('div', { class: 'files' }, post.files.map(drawFile)),
      reactions.length > 0 &&
        h(
          'p',
          { class: 'reactions' },
          reactions.map((name) => h('span', { class: 'badge' }, `:${name}:`)),
        ),
      threadLink(post, context),
    ),
    toolbar(post, context),
  )
}
