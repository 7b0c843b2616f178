import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { Predictor } from '../../models/predictor.ts'
import { rollBackRollout } from '../../store/rollouts/rollbacks/roll-back.ts'
import { useDatabase } from '../../test/support/database.ts'
import { stagedRollout } from '../../test/support/learning/staged-rollout.ts'
import { servePredictors } from './serve-predictors.ts'

const db = useDatabase()

const prediction = { label: 'fedora', confidence: 0.9, known: true, probabilities: { fedora: 0.9 }, evalMs: 1 }

/** A bot with a live version 1 and a version 2 on its way, and how many versions were opened and freed. */
async function served(options: { readonly idleMs?: number; readonly loaded?: Promise<void> }) {
  const scene = await stagedRollout(db())
  await scene.activities().openRollout({ ...scene.ref, demo: false })
  const counts = { opened: 0, freed: 0 }
  const { loaded, ...kept } = options
  const open = async (): Promise<Predictor> => {
    counts.opened += 1
    await loaded
    return {
      labels: ['fedora', 'no-fedora'],
      predict: (inputs) => Promise.resolve(inputs.map(() => prediction)),
      explain: () => Promise.resolve([]),
      warmUp: () => Promise.resolve(),
      dispose: () => void (counts.freed += 1),
    }
  }
  const predictors = servePredictors({
    db: db(),
    blobs: { get: () => Promise.reject(new Error('these versions have no files')) },
    versions: { open },
    limits: { maxBatch: 4, maxDelayMs: 0 },
    log: pino({ enabled: false }),
    ...kept,
  })
  const warm = () => predictors.warm().map(({ version }) => version)
  const withdraw = () => rollBackRollout(db(), { ...scene.ref, end: 'withdrawn', why: 'a test', actor: 'test' })
  return { ...scene, predictors, counts, warm, withdraw, look: () => predictors.keepWarm([scene.bot]) }
}

test('what serves and what is on its way is warm, and what was taken back is let go when nobody asks it any more', async () => {
  const { look, warm, withdraw, counts, predictors, bot } = await served({ idleMs: 0 })
  await look()
  assert.deepEqual(warm(), [1, 2])
  await withdraw()
  await look()
  assert.deepEqual(warm(), [1])
  assert.deepEqual(counts, { opened: 2, freed: 1 })
  // Whoever asks it again has it loaded again.
  const predict = await predictors.predictorOf(bot, 2)
  assert.equal((await predict(new Uint8Array())).label, 'fedora')
  assert.equal(counts.opened, 3)
  await predictors.close()
  assert.equal(counts.freed, 3)
})

test('a version that somebody still asks, as a long replay does, stays until ten minutes after the last question', async (t) => {
  const { look, warm, withdraw, counts, predictors, bot } = await served({})
  await withdraw()
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const passes = (minutes: number) => t.mock.timers.tick(minutes * 60_000)
  const predict = await predictors.predictorOf(bot, 2)
  for (let question = 0; question < 3; question += 1) {
    passes(9)
    await predict(new Uint8Array())
    await look()
    assert.deepEqual(warm(), [2, 1])
  }
  passes(9)
  await look()
  assert.deepEqual(warm(), [2, 1])
  passes(2)
  await look()
  // Nobody has asked version 1 for as long, and it serves.
  assert.deepEqual([warm(), counts.freed], [[1], 1])
  await predictors.close()
})

test('a version that is being loaded for somebody is not let go under their hands, and no look waits for it', async () => {
  let isLoaded: () => void = () => undefined
  const loaded = new Promise<void>((resolve) => (isLoaded = resolve))
  const { counts, predictors, bot } = await served({ idleMs: 0, loaded })
  const asked = predictors.predictorOf(bot, 2)
  await Promise.race([predictors.keepWarm([]), sleep(10_000, undefined, { ref: false })])
  isLoaded()
  assert.equal((await (await asked)(new Uint8Array())).label, 'fedora')
  assert.equal(counts.freed, 0)
  await predictors.close()
})

test('a version that does not load is no warm one, and the next look tries again', async () => {
  const { bot } = await served({ idleMs: 0 })
  let tries = 0
  const predictors = servePredictors({
    db: db(),
    blobs: { get: () => Promise.reject(new Error('these versions have no files')) },
    versions: { open: () => Promise.reject(new Error(`try ${(tries += 1)}`)) },
    limits: { maxBatch: 4, maxDelayMs: 0 },
    log: pino({ enabled: false }),
  })
  await predictors.keepWarm([bot])
  await predictors.keepWarm([bot])
  assert.deepEqual([predictors.warm(), tries], [[], 4])
  await assert.rejects(predictors.predictorOf(bot, 1), { code: 'ModelNotReady' })
})
