import type { FastifyInstance } from 'fastify'
import { problem } from '../dashboard/operator-api.ts'
import type { Live } from '../dashboard/operator-api.ts'
import * as learningRecords from './records/learning.ts'
import * as versionRecords from './records/versions.ts'
import * as rolloutRecords from './records/rollouts.ts'
import type { VerdictName } from './records/rollouts.ts'

/** What a test can look at and change while the pages look at it too. */
export function learningState() {
  return {
    learning: learningRecords.learning(),
    corrections: learningRecords.corrections(),
    questions: learningRecords.questions(),
    versions: versionRecords.versions(),
    rollouts: rolloutRecords.rollouts(),
    rollout: rolloutRecords.rolloutDetail(),
    /** What was asked of the API, in order: the path and the body. */
    asked: [] as { readonly path: string; readonly body: unknown }[],
    /** The next decision is refused with this title. */
    refuseDecision: undefined as string | undefined,
    labelled: [] as learningRecords.Question[],
    replay: 'done' as 'running' | 'done' | 'failed',
  }
}
export type LearningState = ReturnType<typeof learningState>

export const withVerdict = (state: LearningState, verdict: VerdictName): void => {
  state.rollout = rolloutRecords.rolloutDetail(verdict)
}

function reads(app: FastifyInstance, state: LearningState) {
  app.get('/api/learning', () => ({ bots: state.learning }))
  app.get<{ Querystring: Record<string, string> }>('/api/corrections', ({ query }) => ({
    corrections: state.corrections.filter((each) =>
      (['bot', 'state'] as const).every((key) => !query[key] || each[key] === query[key]),
    ),
  }))
  app.get<{ Querystring: { bot?: string } }>('/api/versions', ({ query }) => ({
    versions: state.versions.filter(({ bot }) => (query.bot ?? bot) === bot),
  }))
  app.get<{ Params: { bot: string; version: string } }>('/api/versions/:bot/:version', ({ params }, reply) => {
    const found = state.versions.find(({ bot, version }) => bot === params.bot && version === Number(params.version))
    if (!found) return problem(reply, 404, 'There is no such version', 'Look at the list of versions.')
    return { ...found, ...versionRecords.versionFiles, replays: [versionRecords.replayLine] }
  })
  app.get('/api/versions/:bot/:version/compare/:other', () => versionRecords.comparison)
  app.get('/api/datasets/:root', () => versionRecords.dataset)
  app.get('/api/replays/:id', () => ({
    id: versionRecords.replayLine.id,
    state: state.replay,
    progress: state.replay === 'running' ? { done: 40, all: 128 } : null,
    report: state.replay === 'done' ? versionRecords.report : null,
  }))
  app.get('/api/rollouts', () => ({ rollouts: state.rollouts }))
  app.get('/api/rollouts/:bot/:version', () => state.rollout)
  app.get<{ Querystring: { bot?: string } }>('/api/labels', ({ query }) => {
    const open = state.questions.filter(({ bot }) => (query.bot ?? bot) === bot)
    const labelled = state.labelled.length
    return { questions: open, progress: { open: open.length, labelledToday: labelled, byMe: labelled } }
  })
}

function changesOfLearning(app: FastifyInstance, state: LearningState, live: Live) {
  app.post<{ Params: { bot: string } }>('/api/bots/:bot/retrain', (_request, reply) =>
    reply.code(202).send({ key: 'k' }),
  )
  app.post<{ Params: { bot: string; number: string } }>('/api/bots/:bot/retrains/:number/cancel', ({ params }, reply) =>
    reply.code(202).send({ number: Number(params.number) }),
  )
  app.post<{ Params: { bot: string }; Body: { action: string; note?: string } }>(
    '/api/bots/:bot/schedule',
    ({ params, body }) => {
      const schedule = state.learning.find(({ bot }) => bot === params.bot)?.schedule
      if (body.action !== 'trigger')
        Object.assign(schedule ?? {}, { paused: body.action === 'pause', note: body.note ?? null })
      return { schedule }
    },
  )
  app.post<{ Params: { prediction: string }; Body: { decision: string } }>(
    '/api/corrections/:prediction/decision',
    ({ params, body }) => {
      const found = state.corrections.find(({ prediction }) => prediction === params.prediction)
      const states = { accept: 'accepted', reject: 'rejected', quarantine: 'quarantined', revoke: 'revoked' }
      const next = new Map(Object.entries(states)).get(body.decision)
      Object.assign(found ?? {}, { state: next })
      live.tell('correction', { id: params.prediction })
      return { state: next, versions: [] }
    },
  )
  app.post<{ Params: { question: string } }>('/api/labels/:question', ({ params }) => {
    state.labelled.push(...state.questions.filter(({ id }) => id === params.question))
    state.questions = state.questions.filter(({ id }) => id !== params.question)
    return { state: 'counted' }
  })
  app.delete<{ Params: { question: string } }>('/api/labels/:question', ({ params }) => {
    state.questions.push(...state.labelled.filter(({ id }) => id === params.question))
    state.labelled = state.labelled.filter(({ id }) => id !== params.question)
    return { state: 'undone' }
  })
}

function changesOfVersions(app: FastifyInstance, state: LearningState, live: Live) {
  app.post('/api/replays', (_request, reply) => reply.code(202).send({ id: versionRecords.replayLine.id }))
  app.post('/api/rollouts', (_request, reply) => reply.code(202).send({ workflowId: 'w' }))
  app.post<{ Body: { decision: string; reason: string; override?: boolean } }>(
    '/api/rollouts/:bot/:version/decision',
    ({ body }, reply) => {
      if (state.refuseDecision !== undefined)
        return problem(reply, 409, state.refuseDecision, 'The decision was refused: stale.')
      state.rollout.decisions.push(rolloutRecords.decisionOf(body.decision, body.reason, body.override === true))
      if (body.decision === 'promote') Object.assign(state.rollout, { stage: 'bake', seen: 4, wanted: 100 })
      live.tell('rollout', { id: 'after-dark:3' })
      return { decisionId: rolloutRecords.evidenceId, state: 'applied' }
    },
  )
  app.post('/api/bots/:bot/rollback', () => {
    const ended = {
      stage: 'done',
      end: 'rolled-back',
      endedAt: new Date().toISOString(),
      reason: 'a person took it back',
    }
    Object.assign(state.rollout, ended)
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
