import type { Stamp } from '../../wire/ledger.ts'
import type { Change } from './change.ts'
import { applyEdits } from './edits.ts'
import { applyInteractions } from './interactions.ts'
import { applyPosts } from './posts.ts'
import type { SlackRecord } from './records.ts'
import { applySettings } from './settings.ts'
import type { Workspace } from './workspace.ts'

/** Brings the workspace to where it is after the record. @returns what a person can see of it. */
export const apply = (workspace: Workspace, record: SlackRecord, stamp: Stamp): readonly Change[] =>
  applyPosts(workspace, record, stamp) ??
  applyEdits(workspace, record, stamp) ??
  applyInteractions(workspace, record, stamp) ??
  applySettings(workspace, record, stamp) ??
  []
