import type { View } from '@slack/web-api'
import type { Form } from '../../domain/form.ts'
import { decodeJson, type SlackBot } from './shapes.ts'

/** The value that stands for "can't tell"; no label's id has a bare dash. */
export const cannotTell = '-'
export const labelField = 'label'
export const fileField = 'picture'

/** The block under which a prediction's buttons and menu are: their clicks bring it back. */
export const blockOf = (kind: 'menu' | 'buttons' | 'blind', about: string): string => `${kind}:${about}`

/** The prediction's id in a block's name, or `undefined` when the block is none of ours. */
export const actionOf = (blockId: string): string | undefined => /^(?:menu|buttons):(.+)$/.exec(blockId)?.[1]

/** The blind question's id in a block's name, or `undefined`. */
export const blindQuestionOf = (blockId: string): string | undefined => /^blind:([0-9a-f-]{36})$/.exec(blockId)?.[1]

/** What a form brings back. Whatever is not ours is read as nothing. */
export function formContext(privateMetadata: string): unknown {
  try {
    return decodeJson(privateMetadata)
  } catch {
    return {}
  }
}

/** The form of "Correct this answer". */
export const correctForm = (bot: SlackBot, context: string): Extract<Form, { kind: 'correct' }> => ({
  kind: 'correct',
  title: 'Correct this answer',
  prompt: 'What is right?',
  labels: bot.labels,
  context,
})

const plain = (text: string) => ({ type: 'plain_text', text: text.slice(0, 75) }) as const

const selectOf = (form: Extract<Form, { kind: 'correct' }>) =>
  ({
    type: 'static_select',
    action_id: labelField,
    options: form.labels.slice(0, 100).map((label) => ({ text: plain(label.words), value: label.id })),
  }) as const

const fileInputOf = (form: Form) => ({
  type: 'file_input' as const,
  action_id: fileField,
  filetypes: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic'],
  max_files: form.kind === 'match' ? 1 : 10,
})

/** A form as Slack's modal; titles are 24 characters at most (https://docs.slack.dev/reference/views/modal-views). */
export function viewOf(form: Form): View {
  const element = form.kind === 'correct' ? selectOf(form) : fileInputOf(form)
  const label = { type: 'plain_text', text: form.prompt.slice(0, 150) } as const
  return {
    type: 'modal',
    callback_id: form.kind,
    title: plain(form.title.slice(0, 24)),
    submit: plain('Send'),
    close: plain('Cancel'),
    private_metadata: form.context,
    blocks: [{ type: 'input', block_id: 'input', label, element }],
  }
}
