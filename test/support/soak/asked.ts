import { answerWorkflowId } from '../../../domain/keys.ts'
import type { Outcome } from '../../../domain/outcome.ts'

/** Has its own workflow, which ends so. */
interface Answered {
  readonly workflowId: string
  readonly outcome: Outcome
}

/** A post in Slack that everybody sees. `ts` is the message that asked; a command is none. */
export interface AskedInSlack extends Answered {
  readonly via: 'slack'
  readonly channel: string
  readonly threadTs: string | undefined
  readonly ts: string | undefined
}

/** Told to one person, beside the answer that the person corrected. */
export interface Corrected {
  readonly via: 'ephemeral'
  readonly channel: string
  readonly threadTs: string | undefined
  readonly person: string
}

/** A reply to a post on X. */
export interface AskedOnX extends Answered {
  readonly via: 'x-post'
  readonly id: string
}

/** A direct message on X to the person. */
export interface AskedDirectly extends Answered {
  readonly via: 'x-direct'
  readonly id: string
  readonly person: string
}

/** Where the one answer to an event has to be, and what it has to be. */
export type Asked = AskedInSlack | Corrected | AskedOnX | AskedDirectly

export const soakBot = 'fedora-finder'
export const soakHandle = 'fedora_finder'

/** The workflow of a message in Slack, by the parts of its business key after the team. */
export const slackWorkflow = (team: string, ...key: readonly string[]): string =>
  answerWorkflowId(soakBot, 'slack', [soakBot, team, ...key].join('.'))
export const xWorkflow = (id: string): string => answerWorkflowId(soakBot, 'x', [soakBot, id].join('.'))
