import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { TrainingTask } from '../../activities/learning/train-slot.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { families } from '../../models/families/index.ts'
import { openTrainer, rebuildFolder, removeLeftovers } from './trainer.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const left = async (name = '') => (await readdir(join(folder, name))).toSorted()
async function leave(name: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'weights.bin'), 'half')
}

const running = () => Promise.resolve(['hatter-3'])
const open = () =>
  openTrainer({
    families,
    folder,
    running,
    environment: inheritedEnvironment(),
    tensorflow: () => Promise.resolve('auto'),
  })

const task = (attempt: number, signal = new AbortController().signal): TrainingTask => ({
  ...{ name: 'hatter-3-main', family: 'picture-classifier', bot: 'hatter', notes: '', seed: 5, attempt, signal },
  dataset: { 'examples.json': new TextEncoder().encode('this is no dataset') },
  onStep: () => undefined,
})

test('an attempt that fails or is cancelled leaves no dataset behind', async () => {
  await leave('hatter-3-main/checkpoints')
  await assert.rejects(open().train(task(1)), { code: 'TrainingFailed' })
  const reason = new Error('cancelled')
  await assert.rejects(open().train(task(2, AbortSignal.abort(reason))), reason)
  assert.deepEqual(await left('hatter-3-main'), ['checkpoints'])
})

test('before a training begins, what retrains that are over have left makes room', async () => {
  for (const name of ['hatter-2-main', 'hatter-30-main', 'router-3-main']) await leave(name)
  await assert.rejects(open().train(task(3)))
  assert.deepEqual(await left(), ['hatter-3-main'])
})

test('a worker that starts leaves the rebuild of another one alone, and removes an old one', async () => {
  const [young, old] = [rebuildFolder(folder), rebuildFolder(folder)]
  for (const each of [young, old]) await mkdir(each)
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60_000)
  await utimes(old, twoDaysAgo, twoDaysAgo)
  await removeLeftovers({ folder, running })
  assert.deepEqual(
    (await left()).filter((name) => name.startsWith('rebuild-')).map((name) => join(folder, name)),
    [young],
  )
})
