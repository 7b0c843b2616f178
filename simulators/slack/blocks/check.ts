import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { messageBlocks, modalShape } from './shapes.ts'

/** Blocks as JSON. */
export type Blocks = readonly Readonly<Record<string, unknown>>[]

/** What was checked: its value, or every fault in Slack's wording, with a JSON pointer. */
export type Checked<T> = { readonly value: T } | { readonly faults: readonly string[] }

/** All markdown blocks of a message together [/reference/block-kit/blocks/markdown-block]. */
const longestMarkdown = 12_000

function checked<T>(shape: z.ZodType<T>, value: unknown, root: string): Checked<T> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return { value: parsed.data }
  const faults = parsed.error.issues.map(
    ({ message, path }) => `${message} [json-pointer:${[root, ...path.map(String)].join('/')}]`,
  )
  return { faults }
}

/** The modal that `value` describes. */
export const checkModal = (value: unknown) => checked(modalShape, value, '/view')

/** The blocks of a message, each block and element with an id. */
export function checkBlocks(value: unknown): Checked<Blocks> {
  const result = checked(messageBlocks, value, '/blocks')
  return 'faults' in result ? result : { value: withIds(result.value) }
}

/** Whether the message's markdown is more than Slack takes. */
export const tooMuchMarkdown = (blocks: Blocks): boolean =>
  blocks.reduce((sum, { type, text }) => sum + (type === 'markdown' ? String(text).length : 0), 0) > longestMarkdown

const shortId = () => randomBytes(4).toString('base64url').slice(0, 5)

const textTypes = ['plain_text', 'mrkdwn', 'image']
const isElement = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && 'type' in value && !textTypes.includes(String(value.type))

const withActionId = (value: unknown): unknown =>
  isElement(value) && value['action_id'] === undefined ? { ...value, action_id: shortId() } : value

/** Slack names what the app left without a name. */
export const withIds = (blocks: Blocks): Blocks =>
  blocks.map((block) => ({
    ...block,
    block_id: block['block_id'] ?? shortId(),
    ...(block['type'] === 'actions' && { elements: (block['elements'] as readonly unknown[]).map(withActionId) }),
    ...(block['accessory'] !== undefined && { accessory: withActionId(block['accessory']) }),
    ...(block['element'] !== undefined && { element: withActionId(block['element']) }),
  }))
