import type { ChannelName } from '../../domain/label.ts'
import {
  type Client,
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common'
import type { ActionRef } from '../../activities/contract.ts'
import type { CoordinatorMessage, RebuildRequest, ReviewNews } from '../../activities/learning-contract.ts'
import type { DecisionRef, ReplayOnRequest, RolloutRef } from '../../activities/rollout-contract.ts'
import type { Bot } from '../../domain/bot.ts'
import type { ReplyAddress } from '../../domain/address.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import {
  actionWorkflowId,
  conversationsQueue,
  correctionWorkflowId,
  learningQueue,
  learnWorkflowId,
  retrainWorkflowId,
  rolloutWorkflowId,
} from '../../domain/keys.ts'
import {
  botAttribute,
  channelAttribute,
  correctionAcceptedSignal,
  decideUpdate,
  retrainSignal,
  voteSignal,
} from '../../workflows/messages.ts'
import type { answerMessage } from '../../workflows/answer-message.ts'
import type { applyCorrection } from '../../workflows/apply-correction.ts'
import type { coordinateLearning } from '../../workflows/coordinate-learning.ts'
import type { handleAction } from '../../workflows/handle-action.ts'
import type { rebuildVersion } from '../../workflows/rebuild-version.ts'
import type { replayVersion } from '../../workflows/replay-version.ts'
import type { rollOutVersion } from '../../workflows/roll-out-version.ts'
import type { tellReview } from '../../workflows/tell-review.ts'
import { changeSchedule, type Schedule, scheduleOf } from './schedules.ts'

/* Every workflow that is started, signalled or asked from outside is so here: one deadline, one policy, one kind of failure. */

/** A call that takes longer is given up; the lease of an inbound event outlives it. */
const callDeadlineMs = 5_000

/** A message whose story is to be started. */
export interface Conversation {
  readonly id: string
  readonly workflowId: string
  readonly bot: string
  readonly channel: ChannelName
  readonly receivedAt: Date
  /** Older than this, it expires. */
  readonly answerWithinMs?: number | undefined
  /** What kind of place it is answered in. */
  readonly place: ReplyAddress['kind']
  readonly story: 'answer' | 'match'
}

/** A vote, by our own id of it. */
export interface CastVote {
  readonly bot: string
  readonly channel: ChannelName
  readonly prediction: string
  readonly voteId: string
}

export interface RolloutOrder extends RolloutRef {
  readonly demo: boolean
}

/** Something long that a person asked for and waits for. */
export type Job<Result> =
  | { readonly state: 'running'; readonly progress: Progress | undefined }
  | { readonly state: 'done'; readonly result: Result }
  | { readonly state: 'failed' }

interface Progress {
  readonly done: number
  readonly all: number
}

/**
 * What is asked of Temporal. Starting what runs already, or has ended, is success and changes nothing, so each may be called any
 * number of times.
 * @throws ServiceUnavailable when the server could not be asked; what was asked may have happened all the same.
 */
export interface Stories {
  readonly startAnswer: (message: Conversation) => Promise<void>
  /** A message that ended, or was terminated, runs anew; one that runs goes on. */
  readonly restartAnswer: (message: Conversation) => Promise<void>
  /** All votes on a prediction meet in one workflow, which starts with the first one, and again with the first after its end. */
  readonly castVote: (vote: CastVote) => Promise<void>
  readonly handleAction: (action: ActionRef & { readonly channel: ChannelName }) => Promise<void>
  readonly tellReview: (news: ReviewNews) => Promise<void>
  /** The coordinator of a bot starts with the first thing that it is told. */
  readonly tellCoordinator: (message: CoordinatorMessage) => Promise<void>
  readonly ensureCoordinator: (bot: string) => Promise<void>
  /** @returns `ended` when it does not run. */
  readonly cancelRetrain: (retrain: { readonly bot: string; readonly number: number }) => Promise<'asked' | 'ended'>
  /** @returns `known` when the version has its rollout, or had one that did not fail. */
  readonly startRollout: (order: RolloutOrder) => Promise<'started' | 'known'>
  /** A rollout that Temporal has forgotten, or that somebody terminated, goes on from its row. */
  readonly ensureRollout: (order: RolloutOrder) => Promise<void>
  /** Waits for what the rollout says to a decision. @returns why it was refused, or `undefined`. */
  readonly decide: (rollout: RolloutRef, decision: DecisionRef) => Promise<string | undefined>
  readonly startReplay: (replay: ReplayOnRequest) => Promise<void>
  readonly replayJob: (id: string) => Promise<(Job<undefined> & { readonly bot: string }) | undefined>
  /** One rebuild of a version at a time. @returns its id. */
  readonly startRebuild: (version: RebuildRequest) => Promise<string>
  readonly rebuildJob: (
    id: string,
  ) => Promise<(Job<Awaited<ReturnType<typeof rebuildVersion>>> & { readonly bot: string }) | undefined>
  /** @returns `undefined` when the bot has none. */
  readonly scheduleOf: (bot: Pick<Bot, 'name' | 'learning'>) => Promise<Schedule | undefined>
  readonly changeSchedule: (
    bot: Pick<Bot, 'name' | 'learning'>,
    action: 'pause' | 'resume' | 'trigger',
    note: string | undefined,
  ) => Promise<Schedule>
  /** Whether the server answers within some seconds. */
  readonly answers: () => Promise<boolean>
}

/** What an update's validator throws (workflows/rollout), in the words of our records. */
const byValidator: ReadonlyMap<string, string> = new Map([
  ['NotPending', 'not-pending'],
  ['StaleEvidence', 'stale'],
  ['Expired', 'expired'],
])

/** Why a rollout refused a decision: its validator, or the transaction that would have changed something. */
function refusalIn(error: unknown): string | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined
  if (!(cause instanceof ApplicationFailure)) return undefined
  return cause.type === 'Refused' ? cause.message : byValidator.get(cause.type ?? '')
}

const where = { slack: 'in Slack', x: 'on X', http: 'over HTTP' } as const

const aboutBot = (bot: string) => ({ key: botAttribute, value: bot })
const fromChannel = (channel: ChannelName) => ({ key: channelAttribute, value: channel })

const answerOptions = (message: Conversation): WorkflowStartOptions<typeof answerMessage> => ({
  workflowId: message.workflowId,
  taskQueue: conversationsQueue(message.channel, message.place),
  args: [
    {
      messageId: message.id,
      bot: message.bot,
      channel: message.channel,
      receivedAt: message.receivedAt.getTime(),
      ...(message.answerWithinMs !== undefined && { answerWithinMs: message.answerWithinMs }),
    },
  ],
  staticSummary: `${message.bot} ${message.story === 'match' ? 'matches people' : 'answers'} ${where[message.channel]}`,
  typedSearchAttributes: [aboutBot(message.bot), fromChannel(message.channel)],
})

const coordinatorOptions = (bot: string) => ({
  workflowId: learnWorkflowId(bot),
  taskQueue: learningQueue,
  args: [{ bot }] as [{ bot: string }],
  staticSummary: `When ${bot} learns`,
  typedSearchAttributes: [aboutBot(bot)],
})

const rolloutOptions = ({ bot, version, demo }: RolloutOrder): WorkflowStartOptions<typeof rollOutVersion> => ({
  workflowId: rolloutWorkflowId(bot, version),
  taskQueue: learningQueue,
  args: [{ bot, version, demo }],
  staticSummary: `Rollout of version ${version} of ${bot}`,
  typedSearchAttributes: [aboutBot(bot)],
})

const replayWorkflowId = (id: string): string => `replay:${id}`
const rebuildPrefix = 'rebuild:'

const once = { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' } as const

const unlessStarted = (error: unknown): void => {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
}

type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>

/** What the running activity told with its last heartbeat, if that is `{done, all}`. */
function progressOf({ raw }: Described): Progress | undefined {
  const payload = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]
  if (!payload) return undefined
  const value: unknown = defaultPayloadConverter.fromPayload(payload)
  if (typeof value !== 'object' || value === null || !('done' in value) || !('all' in value)) return undefined
  const { done, all } = value
  return typeof done === 'number' && typeof all === 'number' ? { done, all } : undefined
}

/** Whether the server could not be asked, or did not answer in time. */
const isOutage = (error: unknown): boolean =>
  error instanceof ServiceError ||
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  isGrpcServiceError(error)

/** The calls of one client. */
export function openStories(client: Client): Stories {
  const { workflow, connection } = client

  /** Makes one call, for so long. */
  async function call<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await connection.withDeadline(Date.now() + callDeadlineMs, ask)
    } catch (error) {
      if (!isOutage(error)) throw error
      throw new ServiceUnavailable('Temporal', 'the server could not be asked', { cause: error })
    }
  }

  /** A workflow that a person waits for, with the bot that it is about; `undefined` when Temporal does not know it. */
  async function jobOf<Result>(id: string, resultOf: () => Promise<Result>) {
    const found = await call(() => workflow.getHandle(id).describe()).catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError || error instanceof ServiceUnavailable) return undefined
      throw error
    })
    if (found === undefined) return undefined
    const bot = found.typedSearchAttributes.get(botAttribute) ?? ''
    switch (found.status.name) {
      case 'RUNNING':
      case 'CONTINUED_AS_NEW':
        return { bot, state: 'running', progress: progressOf(found) } as const
      case 'COMPLETED':
        return { bot, state: 'done', result: await resultOf() } as const
      default:
        return { bot, state: 'failed' } as const
    }
  }

  return {
    startAnswer: async (message) => {
      const options = { ...answerOptions(message), ...once }
      await call(() =>
        workflow.start<typeof answerMessage>('answerMessage', options).then(() => undefined, unlessStarted),
      )
    },
    restartAnswer: async (message) => {
      const options = { ...answerOptions(message), ...once, workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const
      await call(() => workflow.start<typeof answerMessage>('answerMessage', options))
    },
    castVote: async ({ bot, channel, prediction, voteId }) => {
      await call(() =>
        workflow.signalWithStart<typeof applyCorrection, [{ readonly voteId: string }]>('applyCorrection', {
          workflowId: correctionWorkflowId(bot, prediction),
          taskQueue: conversationsQueue(channel),
          args: [{ bot, channel, prediction }],
          signal: voteSignal,
          signalArgs: [{ voteId }],
          staticSummary: `Votes on an answer of ${bot}`,
          typedSearchAttributes: [aboutBot(bot), fromChannel(channel)],
        }),
      )
    },
    handleAction: async ({ channel, ...action }) => {
      const options: WorkflowStartOptions<typeof handleAction> = {
        workflowId: actionWorkflowId(action.bot, action.action),
        taskQueue: conversationsQueue(channel),
        args: [action],
        ...once,
        staticSummary: `Something asked of ${action.bot} ${where[channel]}`,
        typedSearchAttributes: [aboutBot(action.bot), fromChannel(channel)],
      }
      await call(() =>
        workflow.start<typeof handleAction>('handleAction', options).then(() => undefined, unlessStarted),
      )
    },
    tellReview: async (news) => {
      const options: WorkflowStartOptions<typeof tellReview> = {
        workflowId: `review:${news.bot}:${news.prediction}:${news.revision}`,
        taskQueue: learningQueue,
        args: [news],
        ...once,
        staticSummary: `A reviewer decided on a correction of ${news.bot}`,
        typedSearchAttributes: [aboutBot(news.bot)],
      }
      await call(() => workflow.start<typeof tellReview>('tellReview', options).then(() => undefined, unlessStarted))
    },
    tellCoordinator: async (message) => {
      const options = coordinatorOptions(message.bot)
      const signal =
        message.kind === 'request'
          ? { signal: retrainSignal, signalArgs: [message.request] }
          : {
              signal: correctionAcceptedSignal,
              signalArgs: [{ prediction: message.prediction, revision: message.revision }],
            }
      await call(() =>
        workflow.signalWithStart<typeof coordinateLearning, unknown[]>('coordinateLearning', { ...options, ...signal }),
      )
    },
    ensureCoordinator: async (bot) => {
      const options = { ...coordinatorOptions(bot), workflowIdConflictPolicy: 'USE_EXISTING' } as const
      await call(() => workflow.start<typeof coordinateLearning>('coordinateLearning', options))
    },
    cancelRetrain: ({ bot, number }) =>
      call(async () => {
        try {
          await workflow.getHandle(retrainWorkflowId(bot, number)).cancel()
          return 'asked'
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return 'ended'
          throw error
        }
      }),
    startRollout: async (order) => {
      const options = { ...rolloutOptions(order), workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' } as const
      try {
        await call(() => workflow.start<typeof rollOutVersion>('rollOutVersion', options))
        return 'started'
      } catch (error) {
        unlessStarted(error)
        return 'known'
      }
    },
    ensureRollout: async (order) => {
      const options = { ...rolloutOptions(order), workflowIdConflictPolicy: 'USE_EXISTING' } as const
      await call(() => workflow.start<typeof rollOutVersion>('rollOutVersion', options))
    },
    decide: async ({ bot, version }, decision) => {
      const handle = workflow.getHandle(rolloutWorkflowId(bot, version))
      try {
        await call(() => handle.executeUpdate(decideUpdate, { args: [decision], updateId: decision.decisionId }))
        return undefined
      } catch (error) {
        const refusal = refusalIn(error)
        if (refusal === undefined) throw error
        return refusal
      }
    },
    startReplay: async (request) => {
      await call(() =>
        workflow.start<typeof replayVersion>('replayVersion', {
          workflowId: replayWorkflowId(request.id),
          taskQueue: learningQueue,
          args: [request],
          staticSummary: `Replay of version ${request.version} of ${request.bot}`,
          typedSearchAttributes: [aboutBot(request.bot)],
        }),
      )
    },
    replayJob: (id) => jobOf(replayWorkflowId(id), () => Promise.resolve(undefined)),
    startRebuild: async ({ bot, version }) => {
      const workflowId = `${rebuildPrefix}${bot}:${version}`
      await call(() =>
        workflow.start<typeof rebuildVersion>('rebuildVersion', {
          workflowId,
          taskQueue: learningQueue,
          args: [{ bot, version }],
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `Rebuild of version ${version} of ${bot}`,
          typedSearchAttributes: [aboutBot(bot)],
        }),
      )
      return workflowId
    },
    rebuildJob: (id) =>
      id.startsWith(rebuildPrefix)
        ? jobOf(id, () => workflow.getHandle<typeof rebuildVersion>(id).result())
        : Promise.resolve(undefined),
    scheduleOf: (bot) => call(() => scheduleOf(client, bot)),
    changeSchedule: (bot, action, note) => call(() => changeSchedule(client, bot, { action, note })),
    answers: () =>
      call(() => connection.workflowService.getSystemInfo({})).then(
        () => true,
        () => false,
      ),
  }
}
