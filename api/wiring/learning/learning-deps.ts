import { randomUUID } from 'node:crypto'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import type { FastifyBaseLogger } from 'fastify'
import type { Blobs } from '../../../adapters/blobs/files.ts'
import type { Bot } from '../../../domain/bot.ts'
import { retrainWorkflowId } from '../../../domain/keys.ts'
import type { PredictionRef } from '../../../domain/prediction.ts'
import { appendAudit } from '../../../store/audit.ts'
import { labelBlind, undoBlind } from '../../../store/blind/labels.ts'
import { blindQuestionById } from '../../../store/blind/questions.ts'
import { correctionOf, standingVotes } from '../../../store/corrections/corrections.ts'
import type { Db } from '../../../store/db.ts'
import { labellingProgress, openQuestionsFor } from '../../../store/blind/blind-pages.ts'
import { correctionDetails } from '../../../store/corrections/correction-details.ts'
import { exampleInputsShown } from '../../../store/learning/datasets/example-inputs.ts'
import { inputsShown } from '../../../store/learning/inputs-shown.ts'
import { learningStatusOf } from '../../../store/learning/learning-status.ts'
import { recentLearning } from '../../../store/learning/recent-changes.ts'
import { retrainSlots } from '../../../store/learning/retrains/retrain-slots.ts'
import { retrainOf, retrainsOf } from '../../../store/learning/retrains/retrains.ts'
import { reviewCorrection } from '../../../store/corrections/review-correction.ts'
import { correctionToLive } from '../../../store/corrections/live-notices.ts'
import { handOnReview } from '../../../workers/requests/hand-on-review.ts'
import { askForRetrain } from '../../../workers/learning/tell-coordinator.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'
import { askTemporal } from './ask-temporal.ts'
import { rebuildDeps, replayDeps } from './job-deps.ts'
import { rolloutDeps } from './rollout-deps.ts'
import { createChangeSchedule, scheduleOf } from './schedule-deps.ts'
import { datasetDeps, versionDeps } from './version-deps.ts'

export interface LearningWiring {
  readonly db: Db
  readonly client: Client
  readonly log: FastifyBaseLogger
  readonly blobs: Pick<Blobs, 'get'>
}

const mostRetrains = 10

const createOverview =
  ({ db, client }: LearningWiring): LearningDeps['overview'] =>
  async (bot: Bot) => {
    const [status, schedule, retrains, live] = await Promise.all([
      learningStatusOf(db, bot.name, bot.learning),
      scheduleOf(client, bot),
      retrainsOf(db, bot.name, mostRetrains),
      correctionToLive(db, bot.name),
    ])
    const nextAt = schedule === 'unreachable' ? undefined : schedule?.nextAt
    const nextCheckAt = typeof nextAt === 'string' ? Date.parse(nextAt) : undefined
    return {
      status: { ...status, ...(nextCheckAt !== undefined && { nextCheckAt }) },
      schedule,
      retrains: await Promise.all(retrains.map(async (each) => ({ ...each, slots: await retrainSlots(db, each) }))),
      correctionToLiveMedianMs: live.medianMs,
    }
  }

/** The label that people settled on, else the one with most standing votes, the earliest of equals. */
async function leading(db: Db, ref: PredictionRef) {
  const correction = await correctionOf(db, ref)
  if (correction === undefined) return undefined
  const counts = new Map<string, number>()
  for (const { label } of await standingVotes(db, ref))
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1)
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one)
  return { state: correction.state, label: correction.label ?? most?.[0] }
}

function correctionDeps({ db, client, log }: LearningWiring): LearningDeps['corrections'] {
  return {
    details: (refs) => correctionDetails(db, refs),
    review: (request) => reviewCorrection(db, request),
    leading: (ref) => leading(db, ref),
    // It is kept with its review: what cannot be handed on now, the relay hands on.
    tellReview: (review) =>
      handOnReview({ db, client }, review).catch((error: unknown) => {
        const name = error instanceof Error ? error.name : 'unknown'
        log.warn({ bot: review.bot, error: name }, 'what follows a review waits for Temporal; the relay hands it on')
      }),
  }
}

const labelDeps = ({ db }: LearningWiring): LearningDeps['labels'] => ({
  open: (asked) => openQuestionsFor(db, asked),
  progress: (asked) => labellingProgress(db, asked),
  botOf: async (id) => (await blindQuestionById(db, id))?.bot,
  answer: ({ corrections }, { label, ...answer }) =>
    labelBlind(db, { id: randomUUID(), ...answer, ...(label !== null && { label }) }, corrections),
  undo: ({ corrections }, undo) => undoBlind(db, undo, corrections),
})

const createCancelRetrain =
  ({ db, client }: LearningWiring): LearningDeps['cancelRetrain'] =>
  async ({ bot, number, actor }) => {
    const retrain = await retrainOf(db, { bot, number })
    if (retrain === undefined) return 'unknown'
    if (retrain.state !== 'running') return 'ended'
    const handle = client.workflow.getHandle(retrainWorkflowId(bot, number))
    const asked = await askTemporal(client, async () => {
      await handle.cancel()
      return 'asked' as const
    }).catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return 'ended' as const
      throw error
    })
    if (asked !== 'asked') return asked
    const entry = { actor, action: 'retrain.cancelled', subject: bot, details: { number } }
    await db.transaction().execute((trx) => appendAudit(trx, entry))
    return asked
  }

/** What the routes of learning and rollouts need, with the database, the blobs and Temporal bound in. */
export function learningDeps(wiring: LearningWiring): LearningDeps {
  const { db, client, blobs } = wiring
  return {
    overview: createOverview(wiring),
    askForRetrain: async ({ bot, key, demo, actor }) => {
      const asked = await askTemporal(client, () =>
        askForRetrain(client, bot, { key, reason: demo ? 'demo' : 'person', by: actor }),
      )
      if (asked === 'unreachable') return asked
      const entry = { actor, action: 'retrain.requested', subject: bot, details: { key, demo } }
      await db.transaction().execute((trx) => appendAudit(trx, entry))
      return undefined
    },
    cancelRetrain: createCancelRetrain(wiring),
    changeSchedule: createChangeSchedule(db, client),
    recent: (withinMs) => recentLearning(db, withinMs),
    inputs: (refs) => inputsShown(db, refs),
    exampleInputs: (bot, examples) => exampleInputsShown(db, bot, examples),
    corrections: correctionDeps(wiring),
    datasets: datasetDeps(db, blobs),
    versions: versionDeps(db, blobs),
    replays: replayDeps(db, client),
    rebuilds: rebuildDeps(client),
    rollouts: rolloutDeps(wiring),
    labels: labelDeps(wiring),
  }
}
