import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { retrainWorkflowId } from '../../domain/keys.ts'
import { type Retrain, retrainsOf } from '../../store/learning/retrains/retrains.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import { eventually } from '../support/platforms/platform.ts'
import { adminToken, correctedQuestion, operatorOf } from '../whole-way/operator.ts'
import { useStack } from '../whole-way/use-stack.ts'

/* A training without room on the disk, or without memory: a real file system that is full, and the kernel that kills. */

const bot = 'team-router'
const { stack, temporal } = useStack({
  bots: [bot],
  services: ['api', 'relay', 'conversations', 'inference', 'learning'],
  env: { LOCAL_ADMIN_TOKEN: adminToken },
})

const controlGroups = '/sys/fs/cgroup/memory'
/** Too little for TensorFlow, whose library alone is larger. */
const littleMemory = 64 * 2 ** 20
const allMemory = 2 ** 30
const isRoot = process.getuid?.() === 0
const skipDisk = isRoot ? false : 'only root may mount a small file system'
const skipMemory = isRoot && existsSync(controlGroups) ? false : 'needs root and control groups for memory'

/** The retrain that a person's wish starts, when it has ended. */
async function retrainEnds(number: number): Promise<Retrain> {
  const request = { key: randomUUID(), reason: 'person' } as const
  await openStories(temporal()).tellCoordinator({ bot, kind: 'request', request })
  return eventually(
    async () => {
      const all = await retrainsOf(stack().db, bot)
      return all.find((each) => each.number === number && each.state !== 'running')
    },
    { timeoutMs: 300_000, what: `the end of retrain ${number}` },
  )
}

/** It has failed for this reason: in our records, on the page, in Temporal; and what answered before answers now. */
async function assertFailed(retrain: Retrain, reason: RegExp): Promise<void> {
  assert.equal(retrain.state, 'failed')
  assert.match(retrain.outcome ?? '', reason)
  const { body } = await operatorOf(stack()).get('/api/learning')
  assert.match(JSON.stringify(body), reason)
  const ended: unknown = await temporal().workflow.getHandle(retrainWorkflowId(bot, retrain.number)).result()
  assert.match(JSON.stringify(ended), reason)
  const members = (await servingSetOf(stack().db, bot))?.members
  assert.deepEqual(
    members?.map(({ version, stage }) => [version, stage]),
    [[1, 'live']],
  )
}

test('a person corrects an answer', async () => {
  await correctedQuestion(stack(), { bot, text: 'who owns the timesheet?', labels: ['scheduler', 'charts'] })
})

// In the first the dataset finds no room; in the second the trainer, in the middle of its work.
for (const [number, size] of [
  [1, '1m'],
  [2, '24m'],
] as const)
  test(`a disk of ${size} is full: the retrain says so, and the champion goes on`, { skip: skipDisk }, async () => {
    const folder = join(dirname(stack().blobsFolder), 'training')
    mkdirSync(folder, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
    try {
      await stack().start('training')
      await assertFailed(await retrainEnds(number), /the disk is full/)
    } finally {
      await stack().stop('training')
      execFileSync('umount', [folder])
    }
  })

/** Starts something in a control group: whatever this process starts while it is in there begins in it. */
async function startIn<Started>(group: string, start: () => Promise<Started>): Promise<Started> {
  const [, own = '/'] = /:memory:(.*)/.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? []
  writeFileSync(join(group, 'cgroup.procs'), `${process.pid}`)
  try {
    return await start()
  } finally {
    writeFileSync(join(controlGroups, own, 'cgroup.procs'), `${process.pid}`)
  }
}

/** Something else on the machine, which holds as many bytes as it is sent. */
function startOther(): ChildProcess {
  const holds = "let held; process.on('message', (bytes) => { held = Buffer.alloc(bytes, 1) })"
  return spawn(process.execPath, ['-e', holds], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
}

const numberIn = (path: string): number => Number(readFileSync(path, 'utf8'))

test(
  'a trainer without memory is ended by the kernel, and nothing else; after its attempts the retrain says so',
  { skip: skipMemory },
  async (context) => {
    const group = join(controlGroups, `understudy-${process.pid}`)
    mkdirSync(group)
    writeFileSync(join(group, 'memory.limit_in_bytes'), `${allMemory}`)
    const other = await startIn(group, async () => {
      await stack().start('training')
      return startOther()
    })
    context.after(async () => {
      const gone = once(other, 'exit')
      other.kill('SIGKILL')
      await gone
      if (stack().runs('training')) await stack().stop('training')
      rmdirSync(group)
    })
    const worker = stack().pidOf('training')
    const ends = retrainEnds(3)
    const trainers = `/proc/${worker}/task/${worker}/children`
    const isTraining = () => (readFileSync(trainers, 'utf8').trim() === '' ? undefined : true)
    await eventually(() => Promise.resolve(isTraining()), { timeoutMs: 120_000, what: 'a trainer' })
    other.send(allMemory - numberIn(join(group, 'memory.usage_in_bytes')) - littleMemory)
    await assertFailed(await ends, /its process was killed, perhaps because memory ran out/)
    assert.match(readFileSync(join(group, 'memory.oom_control'), 'utf8'), /oom_kill [1-9]/)
    assert.equal(stack().pidOf('training'), worker)
    process.kill(worker, 0)
    assert.equal(other.exitCode ?? other.signalCode, null)
  },
)

test('the next wish is free, and is learned', async () => {
  await stack().start('training')
  const numbers = (await retrainsOf(stack().db, bot)).map(({ number }) => number)
  const retrain = await retrainEnds(Math.max(0, ...numbers) + 1)
  assert.equal(retrain.state, 'succeeded', retrain.outcome)
})
