import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { loadConfig } from '../../infra/config.ts'
import { useDatabase } from '../../test/support/database.ts'
import { openedBy, saidClassifier } from '../../test/support/learning/said-models.ts'
import { stagedRollout } from '../../test/support/learning/staged-rollout.ts'
import { openNetworks, openVersions } from '../open-models.ts'
import { tidyReplayed } from './tidy-replayed.ts'

const db = useDatabase()
const minute = 60_000

/** What a learning worker holds for rollouts, and the versions that it has freed. */
async function learning() {
  const scene = await stagedRollout(db())
  const freed: string[] = []
  let opened = 0
  const openOne = () => {
    const name = `the ${['first', 'second'][opened++] ?? 'next'}`
    const said = { label: name, confidence: 1, known: true, probabilities: {}, evalMs: 1 }
    return Promise.resolve(
      saidClassifier((inputs) => Promise.resolve(inputs.map(() => said)), { dispose: () => void freed.push(name) }),
    )
  }
  const releases: (() => unknown)[] = []
  const context = {
    config: loadConfig({}),
    log: pino({ enabled: false }),
    onRelease: (release: () => unknown) => void releases.unshift(release),
  }
  const { db: own, blobs } = scene.deps
  const networks = openNetworks(context)
  const runtime = openVersions(context, { families: openedBy(openOne), networks, db: own, blobs })
  tidyReplayed(context, runtime)
  const { predictorOf } = runtime
  const release = async () => {
    for (const each of releases) await each()
  }
  return { ...scene, predictorOf, freed, release }
}

test('a learning worker unloads what no replay has asked for ten minutes, also of what serves, and ends its tidying', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setInterval'], now: Date.now() })
  const { predictorOf, freed, release, bot } = await learning()
  const [first] = [await predictorOf(bot, 2), await predictorOf(bot, 1)]
  const passes = async (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 1) {
      t.mock.timers.tick(minute)
      assert.equal((await first(new Uint8Array())).label, 'the first')
      await sleep(20)
    }
  }
  await passes(9)
  assert.deepEqual(freed, [])
  await passes(1)
  for (let look = 0; look < 400 && freed.length === 0; look += 1) await sleep(25)
  assert.deepEqual(freed, ['the second'])
  // A later replay has it loaded again.
  const [said] = [await (await predictorOf(bot, 1))(new Uint8Array())]
  assert.equal(said.label, 'the next')
  // Looks that are still on their way end before the clock jumps.
  await sleep(500)
  await release()
  assert.deepEqual(freed.toSorted(), ['the first', 'the next', 'the second'])
  t.mock.timers.tick(20 * minute)
  await sleep(200)
  assert.equal(freed.length, 3)
})
