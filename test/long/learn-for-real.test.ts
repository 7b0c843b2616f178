import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { fileURLToPath } from 'node:url'
import { createLearningActivities, createTrainingActivities } from '../../activities/learning/create.ts'
import type { LearningDeps } from '../../activities/learning/deps.ts'
import type { TrainingTask } from '../../activities/learning/train-slot.ts'
import type { Frozen } from '../../activities/learning-contract.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import { inheritedEnvironment, loadConfig } from '../../infra/config.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { countVote } from '../../store/corrections/count-vote.ts'
import { correctionsIn } from '../../store/learning/datasets/accepted-corrections.ts'
import { frozenOf } from '../../store/learning/datasets/frozen-datasets.ts'
import { learningStatusOf } from '../../store/learning/learning-status.ts'
import { retrainSlots } from '../../store/learning/retrains/retrain-slots.ts'
import { retrainsOf, runningRetrains } from '../../store/learning/retrains/retrains.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { learningModels } from '../../workers/learning/learning-models.ts'
import { openTrainer } from '../../workers/learning/trainer.ts'
import { families } from '../../models/families/index.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { openNetworks, openVersions } from '../../workers/open-models.ts'
import { answered, cast, voteBy, withRole } from '../support/messages/corrections.ts'
import { useDatabase } from '../support/database.ts'
import { coordinatorOf, withLearningWorkers } from '../support/learning/learning-scene.ts'
import { eventually } from '../support/platforms/platform.ts'
import { testSettings } from '../support/settings.ts'
import { useTemporal } from '../support/workflow-environment.ts'

/* A bot learns: the real workflows, activities, store and models, in one process but for the training's own. */

const bot = 'team-router'
const temporal = useTemporal()
const db = useDatabase()
const releases: (() => unknown)[] = []
after(async () => {
  for (const release of releases) await release()
})

const questions = [
  'who looks after the sticky header of the timesheet?',
  'the overtime column of the timesheet is empty',
  'timesheet rows lose their colour when they are copied',
  'where do I report a wrong total in the timesheet?',
  'the timesheet prints an empty page',
]

async function openDeps(): Promise<LearningDeps> {
  const { blobsUrl, backboneWeights, textEncoder } = testSettings()
  const config = loadConfig({
    BACKBONE_WEIGHTS: backboneWeights,
    TEXT_ENCODER: textEncoder,
    TENSORFLOW: inheritedEnvironment()['TENSORFLOW'],
  })
  const log = pino({ enabled: false })
  const onRelease = (release: () => unknown) => void releases.unshift(release)
  const blobs = openBlobs(blobsUrl)
  const context = { config, log, onRelease }
  const networks = openNetworks(context)
  const runtime = openVersions(context, { families, networks, db: db(), blobs })
  const [found] = (await loadBots(families)).filter(({ name }) => name === bot)
  if (found === undefined) throw new Error('the bot is there')
  const learning = { ...found.learning, accepted: questions.length, people: 1 }
  return {
    ...{ db: db(), blobs },
    botOf: () => ({ ...found, learning }),
    models: learningModels(families, { assets: networks.assets, runtime }),
    nextCheckAt: () => Promise.resolve(undefined),
    tellCoordinator: () => Promise.resolve(),
    codeFingerprint: 'test',
    at: () => undefined,
    clock: () => performance.now(),
  }
}

/** A question that was answered wrong, and what a reviewer said. */
async function corrected({ blobs }: LearningDeps, text: string): Promise<void> {
  const key = `${bot}.${randomUUID()}`
  const { id, ref } = await answered(db(), { labels: ['docs'], message: { bot, businessKey: key, text } })
  const input_sha256 = await blobs.put(Buffer.from(text))
  const score = { message_id: id, position: 0, slot: 'main', version: 1, stage: 'live', input_sha256 } as const
  const said = { label: 'docs', confidence: 0.5, known: true, probabilities: null, eval_ms: 1, error: null }
  await db()
    .insertInto('scores')
    .values({ ...score, ...said })
    .execute()
  const target = { kind: 'prediction', ...ref } as const
  const { voteId } = await cast(db(), voteBy('REVIEWER', { bot, target, label: 'scheduler' }))
  const { correction } = await countVote(db(), voteId, {
    rulesOf: () => correctionDefaults,
    learnsFrom: () => true,
  })
  assert.equal(correction.state, 'accepted')
}

const running = async () => (await runningRetrains(db())).map((each) => `${each.bot}-${each.number}`)

/** A training whose first attempt loses its process after its first checkpoint, as an out-of-memory killer would take it. */
function trainerThatDiesOnce(folder: string) {
  const options = {
    families,
    folder,
    tensorflow: backend,
    environment: inheritedEnvironment(),
    checkpointEveryMs: 1,
    running,
  }
  const real = openTrainer(options)
  const attempts: { readonly attempt: number; readonly firstStep: number | undefined }[] = []
  const train = async (task: TrainingTask) => {
    let firstStep: number | undefined
    const abort = new AbortController()
    try {
      return await real.train({
        ...task,
        signal: AbortSignal.any([task.signal, abort.signal]),
        onStep: (step) => {
          firstStep ??= step.step
          task.onStep(step)
          if (task.attempt === 1) abort.abort(new Error('its process was killed'))
        },
      })
    } finally {
      attempts.push({ attempt: task.attempt, firstStep })
    }
  }
  return { trainer: { ...real, train }, attempts }
}

const backend = async () => (await openTensorflow(loadConfig(inheritedEnvironment()).tensorflow)).backend

test('corrections become a version: frozen, trained although the trainer is killed, judged, registered with lineage and card', async () => {
  const deps = await openDeps()
  await withRole(db(), 'REVIEWER', 'reviewer', bot)
  for (const text of questions) await corrected(deps, text)
  const { trainer, attempts } = trainerThatDiesOnce(join(testSettings().folder, 'training'))
  const activities = { ...createLearningActivities(deps), ...createTrainingActivities({ ...deps, trainer }) }
  const coordinator = coordinatorOf(temporal.environment(), bot)
  await withLearningWorkers(temporal.environment(), activities, async () => {
    await coordinator.isTold()
    await eventually(async () => (await retrainsOf(db(), bot)).find(({ state }) => state !== 'running'), {
      timeoutMs: 300_000,
      what: 'the end of the retrain',
    })
  })

  const [retrain] = await retrainsOf(db(), bot)
  assert.deepEqual([retrain?.state, retrain?.reason], ['succeeded', 'corrections'], retrain?.outcome)
  assert.match(retrain?.outcome ?? '', /^version 2 learned from \d new corrections$/)
  assert.deepEqual(
    attempts.map(({ attempt }) => attempt),
    [1, 2],
  )
  const [first, second] = await versionsOf(db(), bot)
  assert.deepEqual([second?.version, second?.parent, second?.lineage?.retrain, second?.lineage?.parent], [2, 1, 1, 1])
  assert.notEqual(second?.weightsSha256, first?.weightsSha256)
  const held = await correctionsIn(db(), second?.datasetRoot ?? '')
  assert.equal(held.size, questions.length)

  const [slot] = await retrainSlots(db(), { bot, number: 1 })
  assert.equal(slot?.gates?.length, 7)
  assert(slot.gates.every(({ verdict }) => verdict !== 'fail'))
  assert.equal(slot.gates.find(({ gate }) => gate === 'sandbox')?.verdict, 'pass')
  const card = await readFile(cardPath(second?.files['card.md'] ?? ''), 'utf8')
  assert.match(card, /Retrain 1 \(corrections\) from version 1: \d new corrections that 1 person agrees with/)
  assert.equal((await learningStatusOf(db(), bot, deps.botOf(bot).learning)).accepted, 0)
})

const cardPath = (sha256: string) => join(fileURLToPath(testSettings().blobsUrl), sha256.slice(0, 2), sha256)

test('freezing again gives the same root, and nothing new to learn from is told', async () => {
  const deps = await openDeps()
  const activities = createLearningActivities(deps)
  await activities.openRetrain({ bot, number: 2, reason: 'person' })
  const again = await frozenOf(db(), { bot, number: 1 })
  assert.match(again?.root ?? '', /^[0-9a-f]{64}$/)
  // The version is registered and not live, so its parent is still the champion: the same corrections give the same dataset.
  const { MockActivityEnvironment } = await import('@temporalio/testing')
  const frozen = await new MockActivityEnvironment().run(() => activities.freezeDataset({ bot, number: 2 }))
  assert.equal((frozen as Frozen).root, again?.root)
})
