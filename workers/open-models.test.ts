import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { loadConfig } from '../infra/config.ts'
import type { Classifier } from '../models/model.ts'
import { rollBackRollout } from '../store/rollouts/rollbacks/roll-back.ts'
import { versionsToHold } from '../store/rollouts/warm-versions.ts'
import { useDatabase } from '../test/support/database.ts'
import { openedBy, saidClassifier } from '../test/support/learning/said-models.ts'
import { stagedRollout } from '../test/support/learning/staged-rollout.ts'
import { openNetworks, openVersions } from './open-models.ts'

const db = useDatabase()

const prediction = { label: 'fedora', confidence: 0.9, known: true, probabilities: { fedora: 0.9 }, evalMs: 1 }

function runtimeOf(open: () => Promise<Classifier>, options: { readonly idleMs?: number }) {
  const context = { config: loadConfig({}), log: pino({ enabled: false }), onRelease: () => undefined }
  return openVersions(context, {
    ...{ families: openedBy(open), networks: openNetworks(context), db: db() },
    blobs: { get: () => Promise.reject(new Error('these versions have no files')) },
    ...options,
  })
}

/** A bot with a live version 1 and a version 2 on its way, and how many versions were opened and freed. */
async function served(options: { readonly idleMs?: number; readonly loaded?: Promise<void> }) {
  const scene = await stagedRollout(db())
  await scene.activities().openRollout({ ...scene.ref, demo: false })
  const counts = { opened: 0, freed: 0 }
  const { loaded, ...kept } = options
  const open = async (): Promise<Classifier> => {
    counts.opened += 1
    await loaded
    return saidClassifier((inputs) => Promise.resolve(inputs.map(() => prediction)), {
      dispose: () => void (counts.freed += 1),
    })
  }
  const runtime = runtimeOf(open, kept)
  const warm = () => runtime.warm().map(({ version }) => version)
  const withdraw = () => rollBackRollout(db(), { ...scene.ref, end: 'withdrawn', why: 'a test', actor: 'test' })
  const look = async () => runtime.hold(await versionsToHold(db(), [scene.bot]))
  return { ...scene, runtime, counts, warm, withdraw, look }
}

test('what serves and what is on its way is warm, and what was taken back is unloaded when nobody asks it any more', async () => {
  const { look, warm, withdraw, counts, runtime, bot } = await served({ idleMs: 0 })
  await look()
  assert.deepEqual(warm(), [1, 2])
  await withdraw()
  await look()
  assert.deepEqual(warm(), [1])
  assert.deepEqual(counts, { opened: 2, freed: 1 })
  // Whoever asks it again has it loaded again.
  const predict = await runtime.predictorOf(bot, 2)
  assert.equal((await predict(new Uint8Array())).label, 'fedora')
  assert.equal(counts.opened, 3)
  await runtime.close()
  assert.equal(counts.freed, 3)
})

test('a version that somebody still asks, as a long replay does, stays until ten minutes after the last question', async (t) => {
  const { look, warm, withdraw, counts, runtime, bot } = await served({})
  await withdraw()
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const passes = (minutes: number) => t.mock.timers.tick(minutes * 60_000)
  const predict = await runtime.predictorOf(bot, 2)
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
  await runtime.close()
})

test('a version that is being loaded for somebody is not unloaded under their hands, and no look waits for it', async () => {
  let isLoaded: () => void = () => undefined
  const loaded = new Promise<void>((resolve) => (isLoaded = resolve))
  const { counts, runtime, bot } = await served({ idleMs: 0, loaded })
  const asked = runtime.predictorOf(bot, 2)
  await Promise.race([runtime.hold([]), sleep(10_000, undefined, { ref: false })])
  isLoaded()
  assert.equal((await (await asked)(new Uint8Array())).label, 'fedora')
  assert.equal(counts.freed, 0)
  await runtime.close()
})

test('a version that does not load is no warm one, and the next look tries again', async () => {
  const { bot } = await served({ idleMs: 0 })
  let tries = 0
  const runtime = runtimeOf(() => Promise.reject(new Error(`try ${(tries += 1)}`)), {})
  const look = async () => runtime.hold(await versionsToHold(db(), [bot]))
  await look()
  await look()
  assert.deepEqual([runtime.warm(), tries], [[], 4])
  await assert.rejects(runtime.predictorOf(bot, 1), { code: 'ModelNotReady' })
})
