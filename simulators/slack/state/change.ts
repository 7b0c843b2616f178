import type { Stamp } from '../../wire/ledger.ts'
import type { SlackRecord } from './records.ts'
import type { Message, View, Workspace } from './workspace.ts'

/** What a record changed that a person can see. */
export type Change =
  | { readonly kind: 'message'; readonly message: Message; readonly deleted: boolean }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'reset' }

/** Brings a part of the workspace to where it is after the record; `undefined` when the record is not of that part. */
export type Applier = (workspace: Workspace, record: SlackRecord, stamp: Stamp) => readonly Change[] | undefined

/** A message as it is now, or none when it is not there any more. */
export const changed = (message: Message | undefined): readonly Change[] =>
  message === undefined ? [] : [{ kind: 'message', message, deleted: false }]

export const opened = (view: View | undefined): readonly Change[] =>
  view === undefined ? [] : [{ kind: 'view', view }]
