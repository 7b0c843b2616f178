import type { FastifyBaseLogger } from 'fastify'
import type { LabelRefusal } from '../../domain/added-label.ts'
import type { Bot, Label } from '../../domain/bot.ts'
import type { InboundRequest } from '../../domain/inbound.ts'
import type { Role } from '../../domain/people.ts'
import type { ServingSet } from '../../domain/serving-set.ts'
import type { Changes } from '../../store/changes.ts'
import type { CorrectionFilter, CorrectionSummary } from '../../store/corrections/correction-list.ts'
import type { MessageDetail } from '../../store/messages/message-detail.ts'
import type { Pause } from '../../store/pauses.ts'
import type { KnownPerson, SignedIn } from '../../store/people/people.ts'
import type { BotFigures, MessageFilter, MessageSummary } from '../../store/reports.ts'
import type { LearningDeps } from './learning/deps.ts'

/** One finding of `doctor`. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly detail: string
  /** What to do, or to type, next; empty when all is well. */
  readonly next: string
}

/** What the operator API needs, with the database and Temporal bound in. */
export interface OperatorDeps {
  readonly log: FastifyBaseLogger
  /** As they are now. */
  readonly bots: () => readonly Bot[]
  /** Gives a bot a label more. @returns why it cannot be added; nothing when it was. */
  readonly addLabel: (addition: {
    readonly bot: Bot
    readonly label: Label
    readonly actor: string
  }) => Promise<LabelRefusal | undefined>
  /** Opens everything on this machine; absent where there is no local administrator. */
  readonly localAdminToken: string | undefined
  readonly localAdmin: () => Promise<SignedIn>
  /** Where people reach us; where the request came to when it is left out. */
  readonly publicUrl: string | undefined
  readonly temporalUiUrl: string
  readonly temporalNamespace: string
  /** Pages on which a person can talk to the bots: those of the simulators. */
  readonly talkAt: readonly { readonly channel: string; readonly url: string }[]
  readonly sessions: {
    /** A link's token; `undefined` when there is no such person. */
    readonly createLink: (link: { readonly personId: string; readonly actor: string }) => Promise<string | undefined>
    readonly redeem: (token: string) => Promise<string | undefined>
    readonly actorOf: (token: string) => Promise<SignedIn | undefined>
    readonly end: (token: string) => Promise<void>
  }
  readonly reports: {
    readonly figures: () => Promise<ReadonlyMap<string, BotFigures>>
    readonly summaries: (filter: MessageFilter) => Promise<readonly MessageSummary[]>
    /** By our id of the message, or by the id that a question over HTTP was given. */
    readonly summary: (id: string) => Promise<MessageSummary | undefined>
    readonly detail: (id: string) => Promise<MessageDetail | undefined>
    readonly find: (name: string) => Promise<readonly MessageSummary[]>
    /** What changed within the last so many milliseconds. */
    readonly changes: (withinMs: number) => Promise<Changes>
    readonly corrections: (filter: CorrectionFilter) => Promise<readonly CorrectionSummary[]>
    readonly waitingForPeople: () => Promise<ReadonlyMap<string, number>>
  }
  readonly servingSet: (bot: string) => Promise<ServingSet | undefined>
  readonly pauses: {
    readonly all: () => Promise<ReadonlyMap<string, Pause>>
    readonly pause: (bot: string, actor: string) => Promise<void>
    readonly resume: (bot: string, actor: string, answerAll: boolean) => Promise<number>
  }
  readonly people: {
    readonly list: (filter: {
      readonly id?: string | undefined
      readonly platformId?: string | undefined
    }) => Promise<readonly KnownPerson[]>
    readonly changeRole: (change: {
      readonly personId: string
      readonly bot: string
      readonly role: Role | null
      readonly actor: string
    }) => Promise<boolean>
  }
  /** Commits a request as a door does. */
  readonly record: (request: InboundRequest, bot: string) => Promise<void>
  readonly putBlob: (bytes: Uint8Array) => Promise<string>
  /** A stored picture's bytes; `undefined` when there is none, or it is not to be shown. */
  readonly pictureOf: (sha256: string) => Promise<Uint8Array | undefined>
  /** Gives an open or failed message its workflow again. @returns the workflow's id, or `undefined` when there is nothing to do. */
  readonly restart: (messageId: string, actor: string) => Promise<string | undefined>
  readonly doctor: () => Promise<readonly Check[]>
  readonly learning: LearningDeps
}
