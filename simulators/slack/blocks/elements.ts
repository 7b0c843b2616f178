import { z } from 'zod'
import { anyText, hasOnePicture, idText, pictureFields, plainText } from './text.ts'

/* Interactive elements with the limits of [/reference/block-kit/block-elements]. */

const confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
})

const common = { action_id: idText.optional(), confirm: confirm.optional() }
const placeholder = { placeholder: plainText(150).optional(), focus_on_load: z.boolean().optional() }

const option = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: anyText(75).optional(),
  url: z.string().max(3000).optional(),
})
const options = z.array(option).min(1).max(100)
const fewOptions = z.array(option).min(1).max(10)

const button = z.strictObject({
  type: z.literal('button'),
  ...common,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
})

const menuOptions = {
  options: options.optional(),
  option_groups: z
    .array(z.strictObject({ label: plainText(75), options }))
    .min(1)
    .max(100)
    .optional(),
}
const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  ...common,
  ...placeholder,
  ...menuOptions,
  initial_option: option.optional(),
})
const multiSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  ...common,
  ...placeholder,
  ...menuOptions,
  initial_options: z.array(option).optional(),
  max_selected_items: z.int().min(1).optional(),
})
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...common,
  focus_on_load: z.boolean().optional(),
  options: fewOptions,
  initial_option: option.optional(),
})
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...common,
  focus_on_load: z.boolean().optional(),
  options: fewOptions,
  initial_options: z.array(option).optional(),
})
const overflow = z.strictObject({ type: z.literal('overflow'), ...common, options: z.array(option).min(1).max(5) })

const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: idText.optional(),
  ...placeholder,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
})
const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: idText.optional(),
  filetypes: z.array(z.string()).optional(),
  max_files: z.int().min(1).max(10).optional(),
})

const image = z
  .strictObject({ type: z.literal('image'), ...pictureFields })
  .refine(hasOnePicture, { error: 'takes exactly one of image_url and slack_file' })

/** A menu has options or groups of them, not both and not neither. */
const onlyOneKind = (element: {
  readonly type: string
  readonly options?: unknown
  readonly option_groups?: unknown
}) =>
  !element.type.endsWith('static_select') || (element.options === undefined) !== (element.option_groups === undefined)
const oneKind = { error: 'takes exactly one of options and option_groups' }

const clickable = [button, staticSelect, multiSelect, radioButtons, checkboxes, overflow] as const
const writable = [textInput, fileInput, staticSelect, multiSelect, radioButtons, checkboxes] as const

/** What an `actions` block may hold. */
export const actionElement = z.discriminatedUnion('type', clickable).refine(onlyOneKind, oneKind)
/** What an `input` block asks with. */
export const inputElement = z.discriminatedUnion('type', writable).refine(onlyOneKind, oneKind)
/** What may stand beside a section. */
export const accessoryElement = z.discriminatedUnion('type', [...clickable, image]).refine(onlyOneKind, oneKind)
/** What a `context` block may hold. */
export const contextElement = z.union([anyText(3000), image])
