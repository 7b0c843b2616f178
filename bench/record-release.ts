import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { historyKeeper } from './release/keep-history.ts'
import { openScene, type Scene } from './release/scene.ts'
import { askSideBySide, pauseAtTheEnd } from './release/scenes/side-by-side.ts'
import { correctAnswers } from './release/scenes/corrections.ts'
import { haveConversations } from './release/scenes/conversations.ts'
import { learnAndFail } from './release/scenes/learning.ts'
import { rollOutVersions } from './release/scenes/rollouts.ts'
import { recordScripted } from './release/scripted.ts'
import { writeRelease } from './release/write-release.ts'
import { contractOfToday } from '../test/support/releases/contract.ts'

/*
 * Records a release: `npm run bench -- record-release --out test/releases/0.1.0`. What every later version has to be able to read: the schema,
 * the rows and bytes of a small installation, and a history of every workflow type (test/releases/README.md).
 */

const say = (line: string): void => console.error(line)

/** Everything that people do, one thing after the other. */
async function live(scene: Scene): Promise<void> {
  await askSideBySide(scene)
  await haveConversations(scene)
  await correctAnswers(scene)
  await learnAndFail(scene)
  await rollOutVersions(scene)
  await pauseAtTheEnd(scene)
}

async function record(folder: string, version: string): Promise<void> {
  const keep = historyKeeper(join(folder, 'histories'))
  await recordScripted(keep)
  say('the scripted stories are recorded')
  const scene = await openScene(keep, say)
  try {
    await live(scene)
    await writeFile(join(folder, 'contract.json'), `${JSON.stringify(contractOfToday(), undefined, 2)}\n`)
    await writeRelease(scene.stack, { folder, version })
  } finally {
    await scene.close()
  }
}

const { values } = parseArgs({ options: { out: { type: 'string' } } })
const version = /(\d+\.\d+\.\d+)\/?$/.exec(values.out ?? '')?.[1]
if (values.out === undefined || version === undefined) {
  console.error('--out needs a folder that is named by a version, such as test/releases/0.1.0')
  process.exit(2)
}
const folder = resolve(values.out)
if (existsSync(join(folder, 'schema.sql'))) {
  console.error(`${values.out} is recorded, and what is recorded never changes`)
  process.exit(2)
}
await mkdir(folder, { recursive: true })
await record(folder, version)
say(`${values.out} is recorded`)
process.exit(0)
