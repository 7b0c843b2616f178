import { z } from 'zod'
import { BadRequest } from '../../wire/exchange.ts'
import type { SlackApp } from '../apps.ts'
import { entered, fieldsOf, isEmpty, stateOf } from '../blocks/fields.ts'
import type { Entry, Field } from '../blocks/fields.ts'
import { fileObject } from '../state/present.ts'
import type { FileRecord } from '../state/records.ts'
import type { View } from '../state/workspace.ts'
import type { World } from '../world.ts'

type Json = Readonly<Record<string, unknown>>

const entry = z.union([z.string(), z.array(z.string())])
/** What a person wrote and chose: by block and action id, or by action id alone. */
export const valuesShape = z.record(z.string(), z.union([entry, z.record(z.string(), entry)]))

/** What a person put into a modal. */
interface Filled {
  readonly values: Readonly<Record<string, Entry | Readonly<Record<string, Entry>>>>
  readonly files: readonly { readonly actionId: string | undefined; readonly file: FileRecord }[]
}

const isEntry = (value: unknown): value is Entry => typeof value === 'string' || Array.isArray(value)

export function entryFor({ blockId, actionId }: Field, values: Filled['values']): Entry | undefined {
  const inBlock = values[blockId]
  if (inBlock !== undefined && !isEntry(inBlock)) return inBlock[actionId]
  const alone = values[actionId]
  return isEntry(alone) ? alone : undefined
}

/**
 * `state.values` of a submission.
 * @throws BadRequest for what Slack's own form would not send: an empty field that is needed, a choice that is not there.
 */
export function fillIn(world: World, app: SlackApp, view: View, filled: Filled): Json {
  const fields = fieldsOf(view.content.blocks)
  const firstFileInput = fields.find(({ element }) => element.type === 'file_input')?.actionId
  const stateIn = (field: Field): Json | undefined => {
    if (field.element.type === 'file_input') {
      const mine = filled.files.filter(({ actionId }) => (actionId ?? firstFileInput) === field.actionId)
      const stored = mine.map(({ file }) => world.workspace.files.get(file.id)).filter((file) => file !== undefined)
      return { type: 'file_input', files: stored.map((file) => fileObject(file, app.team)) }
    }
    return entered(field, entryFor(field, filled.values))
  }
  for (const field of fields) check(field, stateIn(field), entryFor(field, filled.values))
  return stateOf(view.content.blocks, stateIn)
}

function check(field: Field, state: Json | undefined, entry: Entry | undefined): void {
  const name = `values: ${field.blockId}.${field.actionId}`
  if (state === undefined && entry !== undefined) throw new BadRequest(`${name} has no such choice`)
  if (field.required && (state === undefined || isEmpty(state))) throw new BadRequest(`${name} is needed`)
}
