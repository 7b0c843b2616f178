import { randomUUID } from 'node:crypto'
import type { Blobs } from '../../../adapters/blobs/files.ts'
import type { Bot } from '../../../domain/bot.ts'
import type { PredictionRef } from '../../../domain/prediction.ts'
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
import { retrainsOf } from '../../../store/learning/retrains/retrains.ts'
import { reviewCorrection } from '../../../store/corrections/review-correction.ts'
import { correctionToLive } from '../../../store/corrections/live-notices.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'
import type { AskTemporal } from '../temporal/on-first-use.ts'
import { rolloutDeps } from './rollout-deps.ts'
import { datasetDeps, versionDeps } from './version-deps.ts'

export interface LearningWiring {
  readonly db: Db
  readonly temporal: AskTemporal
  readonly blobs: Pick<Blobs, 'get'>
}

const mostRetrains = 10

const createOverview =
  ({ db, temporal }: LearningWiring): LearningDeps['overview'] =>
  async (bot: Bot) => {
    const [status, schedule, retrains, live] = await Promise.all([
      learningStatusOf(db, bot.name, bot.learning),
      temporal().then(({ scheduleOf }) => scheduleOf(bot)),
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

const correctionDeps = ({ db, temporal }: LearningWiring): LearningDeps['corrections'] => ({
  details: (refs) => correctionDetails(db, refs),
  review: (request) => reviewCorrection(db, request),
  leading: (ref) => leading(db, ref),
  tellReview: async (review) => (await temporal()).tellReview(review),
})

const labelDeps = ({ db }: LearningWiring): LearningDeps['labels'] => ({
  open: (asked) => openQuestionsFor(db, asked),
  progress: (asked) => labellingProgress(db, asked),
  botOf: async (id) => (await blindQuestionById(db, id))?.bot,
  answer: ({ corrections }, { label, ...answer }) =>
    labelBlind(db, { id: randomUUID(), ...answer, ...(label !== null && { label }) }, corrections),
  undo: ({ corrections }, undo) => undoBlind(db, undo, corrections),
})

/** What is asked of Temporal, which is loaded for it. */
const ordersOf = ({ temporal }: LearningWiring) =>
  ({
    askForRetrain: async (wish) => (await temporal()).askForRetrain(wish),
    cancelRetrain: async (order) => (await temporal()).cancelRetrain(order),
    changeSchedule: async (change) => (await temporal()).changeSchedule(change),
    replays: {
      start: async (order) => (await temporal()).replays.start(order),
      job: async (id) => (await temporal()).replays.job(id),
    },
    rebuilds: {
      start: async (key) => (await temporal()).rebuilds.start(key),
      job: async (id) => (await temporal()).rebuilds.job(id),
    },
  }) satisfies Partial<LearningDeps>

/** What the routes of learning and rollouts need, with the database, the blobs and Temporal bound in. */
export function learningDeps(wiring: LearningWiring): LearningDeps {
  const { db, temporal, blobs } = wiring
  return {
    ...ordersOf(wiring),
    overview: createOverview(wiring),
    recent: (withinMs) => recentLearning(db, withinMs),
    inputs: (refs) => inputsShown(db, refs),
    exampleInputs: (bot, examples) => exampleInputsShown(db, bot, examples),
    corrections: correctionDeps(wiring),
    datasets: datasetDeps(db, blobs),
    versions: versionDeps(db, blobs),
    rollouts: rolloutDeps(db, temporal),
    labels: labelDeps(wiring),
  }
}
