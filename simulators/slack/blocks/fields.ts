import { z } from 'zod'
import type { Blocks } from './check.ts'

type Json = Readonly<Record<string, unknown>>

const option = z.looseObject({ value: z.string() })
const element = z.looseObject({
  type: z.string(),
  action_id: z.string().optional(),
  value: z.string().optional(),
  options: z.array(option).optional(),
  option_groups: z.array(z.looseObject({ options: z.array(option) })).optional(),
  initial_option: option.optional(),
  initial_options: z.array(option).optional(),
  initial_value: z.string().optional(),
  max_files: z.number().optional(),
})
type Element = z.infer<typeof element>

const block = z.looseObject({
  type: z.string(),
  block_id: z.string(),
  elements: z.array(z.unknown()).optional(),
  accessory: element.optional(),
  element: element.optional(),
  optional: z.boolean().optional(),
})

/** One thing in the blocks that a person can click or fill in. */
export interface Field {
  readonly blockId: string
  readonly actionId: string
  readonly element: Element
  /** Whether a submission needs it. */
  readonly required: boolean
}

/** What a person entered: text, a value or several of a menu; files where those are asked for. */
export type Entry = string | readonly string[]

/** Everything in the blocks that can be clicked or filled in, in order. */
export const fieldsOf = (blocks: Blocks): readonly Field[] =>
  blocks.flatMap((value) => {
    const one = block.parse(value)
    const held = one.type === 'actions' ? (one.elements ?? []).map((inner) => element.parse(inner)) : []
    const all = [...held, ...[one.accessory, one.element].filter((inner) => inner !== undefined)]
    return all.flatMap((inner) =>
      inner.action_id === undefined
        ? []
        : [
            {
              blockId: one.block_id,
              actionId: inner.action_id,
              element: inner,
              required: one.type === 'input' && one.optional !== true,
            },
          ],
    )
  })

const optionsOf = ({ options = [], option_groups = [] }: Element) => [
  ...options,
  ...option_groups.flatMap((group) => group.options),
]

const singles = ['static_select', 'radio_buttons', 'overflow']
const multiples = ['multi_static_select', 'checkboxes']

/**
 * What the element holds once `entry` was entered, as it is in a payload's state and actions; without an entry what it holds
 * from the start. `undefined` when the entry is none of its options, or it is none that holds anything.
 */
export function entered({ element: one }: Field, entry: Entry | undefined): Json | undefined {
  const wanted = typeof entry === 'string' ? [entry] : entry
  const chosen = wanted?.map((value) => optionsOf(one).find((known) => known.value === value))
  if (singles.includes(one.type)) {
    if (chosen === undefined) return { type: one.type, selected_option: one.initial_option ?? null }
    const [only] = chosen
    return only === undefined ? undefined : { type: one.type, selected_option: only }
  }
  if (multiples.includes(one.type)) {
    if (chosen?.includes(undefined)) return undefined
    return { type: one.type, selected_options: chosen ?? one.initial_options ?? [] }
  }
  if (one.type === 'plain_text_input') return { type: one.type, value: wanted?.join('\n') ?? one.initial_value ?? null }
  return undefined
}

/** Whether nothing was entered. */
export const isEmpty = (state: Json): boolean =>
  [state['value'], state['selected_option']].some((value) => value === null || value === '') ||
  [state['selected_options'], state['files']].some((list) => Array.isArray(list) && list.length === 0)

/** `state.values`: by block and action id, of every element that holds something. `held` overrules what is there from the start. */
export function stateOf(
  blocks: Blocks,
  held: (field: Field) => Json | undefined = () => undefined,
): Readonly<Record<string, Readonly<Record<string, Json>>>> {
  const values: Record<string, Record<string, Json>> = {}
  for (const field of fieldsOf(blocks)) {
    if (field.element.type === 'overflow') continue
    const state = held(field) ?? entered(field, undefined)
    if (state) values[field.blockId] = { ...values[field.blockId], [field.actionId]: state }
  }
  return values
}

/** The payload's entry of `actions` for a click; `undefined` when the element has no such value. */
export function actionOf(field: Field, entry: Entry | undefined, actionTs: string): Json | undefined {
  const { element: one, actionId: action_id, blockId: block_id } = field
  const named = { action_id, block_id, action_ts: actionTs }
  if (one.type === 'button') {
    if (entry !== undefined && entry !== one.value) return undefined
    const { text, value, style } = one
    return {
      ...named,
      type: 'button',
      text,
      ...(value !== undefined && { value }),
      ...(style !== undefined && { style }),
    }
  }
  const state = entry === undefined ? undefined : entered(field, entry)
  if (state === undefined) return undefined
  const { placeholder } = one
  return { ...named, ...state, ...(placeholder !== undefined && { placeholder }) }
}
