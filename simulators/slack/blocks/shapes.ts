import { z } from 'zod'
import { accessoryElement, actionElement, contextElement, inputElement } from './elements.ts'
import { anyText, hasOnePicture, idText, pictureFields, plainText } from './text.ts'

/* Blocks with the limits of [/reference/block-kit/blocks]. */

const id = { block_id: idText.optional() }

const section = z
  .strictObject({
    type: z.literal('section'),
    ...id,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessoryElement.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, { error: 'needs text or fields' })

const image = z
  .strictObject({ type: z.literal('image'), ...id, ...pictureFields, title: plainText(2000).optional() })
  .refine(hasOnePicture, { error: 'takes exactly one of image_url and slack_file' })

const input = z.strictObject({
  type: z.literal('input'),
  ...id,
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
})

const block = z.discriminatedUnion('type', [
  section,
  image,
  input,
  z.strictObject({ type: z.literal('header'), ...id, text: plainText(150) }),
  z.strictObject({ type: z.literal('divider'), ...id }),
  z.strictObject({ type: z.literal('context'), ...id, elements: z.array(contextElement).min(1).max(10) }),
  z.strictObject({ type: z.literal('actions'), ...id, elements: z.array(actionElement).min(1).max(25) }),
  z.strictObject({ type: z.literal('markdown'), ...id, text: z.string().min(1).max(12_000) }),
  z.looseObject({ type: z.literal('rich_text'), ...id, elements: z.array(z.unknown()) }),
])
type Block = z.infer<typeof block>

const twice = (ids: readonly (string | undefined)[]) => {
  const given = ids.filter((one) => one !== undefined)
  return new Set(given).size < given.length
}

const actionIds = (one: Block) => (one.type === 'actions' ? one.elements.map(({ action_id }) => action_id) : [])

const blocksOf = (most: number) =>
  z
    .array(block)
    .max(most)
    .refine((all) => !twice(all.map(({ block_id }) => block_id)), { error: 'a block_id is there twice' })
    .refine((all) => !all.some((one) => twice(actionIds(one))), { error: 'an action_id is there twice in one block' })

/** The blocks of a message: at most 50, and none that asks for files. */
export const messageBlocks = blocksOf(50).refine(
  (all) => !all.some((one) => one.type === 'input' && one.element.type === 'file_input'),
  { error: 'file_input is for modals only' },
)

/** A modal [/reference/views/modal-views]. */
export const modalShape = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    blocks: blocksOf(100),
    private_metadata: z.string().max(3000).optional(),
    callback_id: z.string().max(255).optional(),
    external_id: z.string().max(255).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  })
  .refine(({ submit, blocks }) => submit !== undefined || !blocks.some(({ type }) => type === 'input'), {
    error: 'submit is needed when there is an input block',
  })
