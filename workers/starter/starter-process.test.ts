import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { configOfThisProcess, ConfigInvalid } from '../../infra/config.ts'
import { runJob } from '../../infra/local/processes/node-child.ts'
import { openDatabase } from '../../store/db.ts'
import { migrate } from '../../store/migrate.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { testSettings } from '../../test/support/settings.ts'

function settingsOrNone() {
  try {
    return testSettings()
  } catch (error) {
    if (error instanceof ConfigInvalid) return undefined
    throw error
  }
}

const settings = settingsOrNone()
const skip = settings === undefined ? 'not run: `npm test` provides the database and the weights' : false

describe('the starter process', { skip }, () => {
  it('is ready with the first bot’s model, says so, and makes those of the others behind that', async () => {
    if (settings === undefined) return
    const folder = await mkdtemp(join(settings.folder, 'starter-'))
    const database = await createTestDatabase({ empty: true })
    const db = openDatabase(database.url, { poolSize: 1 })
    const told: string[] = []
    try {
      await migrate(db)
      await runJob('starter', {
        file: 'workers/starter.js',
        args: ['--ready-after-first'],
        env: {
          UNDERSTUDY_HOME: configOfThisProcess().home,
          DATABASE_URL: database.url,
          BLOBS_URL: pathToFileURL(join(folder, 'blobs')).href,
          BACKBONE_WEIGHTS: settings.backboneWeights,
        },
        logFile: join(folder, 'starter.log'),
        readyTimeoutMs: 300_000,
        onProgress: (text) => told.push(text),
      })
      assert.equal((await servingSetOf(db, 'fedora-finder'))?.members.length, 1)
      assert.ok(told.some((text) => /after-dark.*: learning behind the scenes/.test(text)))
      const set = await eventually(() => servingSetOf(db, 'after-dark'), { timeoutMs: 300_000, what: 'after-dark' })
      assert.deepEqual(
        [set.policy, ...set.members.map(({ slot, version }) => `${slot} ${version}`)],
        ['average', 'head 1', 'deep 2'],
      )
    } finally {
      await db.destroy()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
