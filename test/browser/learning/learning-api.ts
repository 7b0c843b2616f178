import type { FastifyInstance, FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { corrections, ListedCorrection, reviewed, ReviewRequest } from '../../../api/contract/corrections.ts'
import type {
  BotLearning,
  learning,
  retrainAsked,
  retrainCancelled,
  scheduleChanged,
  ScheduleRequest,
} from '../../../api/contract/learning.ts'
import type { BlindQuestion, BlindQuestions, blindLabelTaken } from '../../../api/contract/questions.ts'
import type { Replay, replayStarted } from '../../../api/contract/replays.ts'
import type {
  decided,
  DecisionRequest,
  ListedRollout,
  rolledBack,
  RolloutDetail,
  rollouts,
  rolloutStarted,
} from '../../../api/contract/rollouts.ts'
import type { ListedVersion, versions } from '../../../api/contract/versions.ts'
import type { Verdict } from '../../../domain/rollout/verdict.ts'
import { problem } from '../dashboard/operator-api.ts'
import type { Live } from '../dashboard/operator-api.ts'
import * as learningRecords from './records/learning.ts'
import * as versionRecords from './records/versions.ts'
import * as rolloutRecords from './records/rollouts.ts'

/** What a test can look at and change while the pages look at it too. */
export interface LearningState {
  learning: readonly BotLearning[]
  corrections: readonly ListedCorrection[]
  questions: readonly BlindQuestion[]
  readonly versions: readonly ListedVersion[]
  readonly rollouts: readonly ListedRollout[]
  rollout: RolloutDetail
  /** What was asked of the API, in order: the path and the body. */
  readonly asked: { readonly path: string; readonly body: unknown }[]
  /** The next decision is refused with this title. */
  refuseDecision: string | undefined
  labelled: readonly BlindQuestion[]
  replay: Replay['state']
}

export const learningState = (): LearningState => ({
  learning: learningRecords.learning(),
  corrections: learningRecords.corrections(),
  questions: learningRecords.questions(),
  versions: versionRecords.versions(),
  rollouts: rolloutRecords.rollouts(),
  rollout: rolloutRecords.rolloutDetail(),
  asked: [],
  refuseDecision: undefined,
  labelled: [],
  replay: 'done',
})

export const withVerdict = (state: LearningState, verdict: Verdict): void => {
  state.rollout = rolloutRecords.rolloutDetail(verdict)
}

/** What the API answers, by the contract. */
type Answer<Shape extends z.ZodType> = z.output<Shape>

function reads(app: FastifyInstance, state: LearningState) {
  app.get('/api/learning', (): Answer<typeof learning> => ({ bots: state.learning }))
  app.get<{ Querystring: Record<string, string> }>('/api/corrections', ({ query }): Answer<typeof corrections> => ({
    corrections: state.corrections.filter((each) =>
      (['bot', 'state'] as const).every((key) => !query[key] || each[key] === query[key]),
    ),
  }))
  app.get<{ Querystring: { bot?: string } }>('/api/versions', ({ query }): Answer<typeof versions> => ({
    versions: state.versions.filter(({ bot }) => (query.bot ?? bot) === bot),
  }))
  app.get<{ Params: { bot: string; version: string } }>('/api/versions/:bot/:version', ({ params }, reply) => {
    const found = state.versions.find(({ bot, version }) => bot === params.bot && version === Number(params.version))
    return found
      ? versionRecords.detailOf(found)
      : problem(reply, 404, 'There is no such version', 'Look at the list of versions.')
  })
  app.get('/api/versions/:bot/:version/compare/:other', () => versionRecords.comparison)
  app.get('/api/datasets/:root', () => versionRecords.dataset)
  app.get('/api/replays/:id', (): Replay => ({
    id: versionRecords.replayLine.id,
    state: state.replay,
    progress: state.replay === 'running' ? { done: 40, all: 128 } : null,
    report: state.replay === 'done' ? versionRecords.report : null,
  }))
  app.get('/api/rollouts', (): Answer<typeof rollouts> => ({ rollouts: state.rollouts }))
  app.get('/api/rollouts/:bot/:version', () => state.rollout)
  app.get<{ Querystring: { bot?: string } }>('/api/labels', ({ query }): BlindQuestions => {
    const open = state.questions.filter(({ bot }) => (query.bot ?? bot) === bot)
    const labelled = state.labelled.length
    return { questions: open, progress: { open: open.length, labelledToday: labelled, byMe: labelled } }
  })
}

const states = { accept: 'accepted', reject: 'rejected', quarantine: 'quarantined', revoke: 'revoked' } as const

function changesOfLearning(app: FastifyInstance, state: LearningState, live: Live) {
  app.post('/api/bots/:bot/retrain', (_request, reply) =>
    reply.code(202).send({ key: 'k' } satisfies Answer<typeof retrainAsked>),
  )
  app.post<{ Params: { number: string } }>('/api/bots/:bot/retrains/:number/cancel', ({ params }, reply) =>
    reply.code(202).send({ number: Number(params.number) } satisfies Answer<typeof retrainCancelled>),
  )
  app.post<{ Params: { bot: string }; Body: ScheduleRequest }>(
    '/api/bots/:bot/schedule',
    ({ params, body }, reply): Answer<typeof scheduleChanged> | FastifyReply => {
      const before = state.learning.find(({ bot }) => bot === params.bot)?.schedule
      if (!before) return problem(reply, 404, 'There is no schedule', 'Check the bot.')
      const changed = { paused: body.action === 'pause', note: body.note ?? null }
      const schedule = body.action === 'trigger' ? before : { ...before, ...changed }
      state.learning = state.learning.map((each) => (each.bot === params.bot ? { ...each, schedule } : each))
      return { schedule }
    },
  )
  app.post<{ Params: { prediction: string }; Body: ReviewRequest }>(
    '/api/corrections/:prediction/decision',
    ({ params, body }): Answer<typeof reviewed> => {
      const next = states[body.decision]
      state.corrections = state.corrections.map((each) =>
        each.prediction === params.prediction ? { ...each, state: next } : each,
      )
      live.tell('correction', { id: params.prediction })
      return { state: next, versions: [] }
    },
  )
  app.post<{ Params: { question: string } }>('/api/labels/:question', ({ params }): Answer<typeof blindLabelTaken> => {
    state.labelled = [...state.labelled, ...state.questions.filter(({ id }) => id === params.question)]
    state.questions = state.questions.filter(({ id }) => id !== params.question)
    return { state: 'closed', votes: 1, needed: 1 }
  })
  app.delete<{ Params: { question: string } }>(
    '/api/labels/:question',
    ({ params }): Answer<typeof blindLabelTaken> => {
      state.questions = [...state.questions, ...state.labelled.filter(({ id }) => id === params.question)]
      state.labelled = state.labelled.filter(({ id }) => id !== params.question)
      return { state: 'open', votes: 0, needed: 1 }
    },
  )
}

function changesOfVersions(app: FastifyInstance, state: LearningState, live: Live) {
  app.post('/api/replays', (_request, reply) =>
    reply
      .code(202)
      .send({ id: versionRecords.replayLine.id, recorded: 128, most: 2_000 } satisfies Answer<typeof replayStarted>),
  )
  app.post('/api/rollouts', (_request, reply) =>
    reply.code(202).send({ workflowId: 'w' } satisfies Answer<typeof rolloutStarted>),
  )
  app.post<{ Body: DecisionRequest }>(
    '/api/rollouts/:bot/:version/decision',
    ({ body }, reply): Answer<typeof decided> | FastifyReply => {
      if (state.refuseDecision !== undefined)
        return problem(reply, 409, state.refuseDecision, 'The decision was refused: stale.')
      const { decision, reason, override = false } = body
      state.rollout = {
        ...state.rollout,
        decisions: [...state.rollout.decisions, rolloutRecords.decisionOf({ decision, reason, override })],
        ...(decision === 'promote' && { stage: 'bake', seen: 4, wanted: 100 }),
      }
      live.tell('rollout', { id: 'after-dark:3' })
      return { decisionId: rolloutRecords.evidenceId, state: 'applied' }
    },
  )
  app.post('/api/bots/:bot/rollback', (): Answer<typeof rolledBack> => {
    state.rollout = {
      ...state.rollout,
      stage: 'done',
      end: 'rolled-back',
      endedAt: new Date().toISOString(),
      reason: 'a person took it back',
    }
    return { from: 3, to: 1 }
  })
}

/** The routes of learning and rollouts, scripted, for `openDashboard`. */
export const learningRoutes = (state: LearningState) => (app: FastifyInstance, live: Live) => {
  app.addHook('preHandler', async ({ method, url, body }) => {
    if (method !== 'GET') state.asked.push({ path: url, body })
    await Promise.resolve()
  })
  reads(app, state)
  changesOfLearning(app, state, live)
  changesOfVersions(app, state, live)
}
