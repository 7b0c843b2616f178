import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sha256Of, type VersionFiles } from '../../models/files.ts'
import { families } from '../../models/families/index.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import type { TrainingStep } from '../../models/training/checkpoint-file.ts'
import type { RawExample } from '../../models/datasets/examples.ts'
import { pictureClassifier } from '../../models/families/picture-classifier/picture-classifier.ts'
import { datasetFiles } from '../../models/encoder-head/dataset.ts'
import { rebuildVersion } from '../../models/rebuild-version.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { smallExamples, smallLabels, tinyBackbone } from '../../models/testing/small-dataset.ts'
import { smallTextLabels, smallTexts, smallTextSplit, tinyEncoder } from '../../models/testing/small-texts.ts'
import { textClassifier } from '../../models/families/text-classifier/text-classifier.ts'
import { textDatasetFiles } from '../../models/families/text-classifier/version-files.ts'
import { trainInChild, TrainingFailed, type TrainingJob } from '../../models/training/train-in-child.ts'

const tensorflow = await openTensorflow('auto')
const root = await mkdtemp(join(tmpdir(), 'resumed-'))
after(() => rm(root, { recursive: true, force: true }))

async function* streamOf(examples: readonly RawExample<Uint8Array>[]) {
  for (const example of examples) yield await Promise.resolve(example)
}

const pictures = pictureClassifier({ tensorflow, backbone: tinyBackbone })
const texts = textClassifier({ tensorflow, backbone: tinyEncoder })
const textOptions = { labels: smallTextLabels, split: smallTextSplit }
const datasets: readonly (readonly [string, VersionFiles])[] = [
  ['picture-classifier', datasetFiles(await pictures.prepare(smallExamples(), { labels: smallLabels }))],
  ['text-classifier', textDatasetFiles(await texts.prepare(streamOf(smallTexts()), textOptions))],
]

async function jobOf(name: string, family: string, files: VersionFiles): Promise<TrainingJob> {
  const folder = await mkdtemp(join(root, `${name}-`))
  const datasetFolder = join(folder, 'dataset')
  await mkdir(datasetFolder)
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(datasetFolder, file), bytes)
  return {
    ...{ family, bot: 'hatter', notes: 'Numbers.', seed: 5, tensorflow: 'auto', datasetFolder },
    outputFolder: join(folder, 'version'),
    checkpointFolder: join(folder, 'checkpoints'),
    checkpointEveryMs: 0,
    environment: inheritedEnvironment(),
  }
}

const weightsOf = (files: VersionFiles): string => sha256Of(files['weights.bin'] ?? '')

/** The children of this process: one training at a time. */
const children = (): readonly number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('train-child'))
    .map((line) => Number.parseInt(line, 10))

/** Kills the training with SIGKILL when it has kept its `at`-th checkpoint. */
async function killAt(job: TrainingJob, at: number): Promise<TrainingStep> {
  const steps: TrainingStep[] = []
  const onStep = (step: TrainingStep) => {
    steps.push(step)
    if (steps.length === at) for (const pid of children()) process.kill(pid, 'SIGKILL')
  }
  await assert.rejects(
    trainInChild({ ...job, onStep }),
    (error) => error instanceof TrainingFailed && error.reason === 'ProcessLost',
  )
  const last = steps[at - 1]
  assert.ok(last)
  return last
}

for (const [family, files] of datasets)
  describe(`a ${family} that is killed while it learns`, () => {
    let version: VersionFiles = {}
    before(async () => {
      version = await trainInChild(await jobOf('whole', family, files))
    })
    const whole = () => weightsOf(version)

    it('goes on from its last checkpoint and ends with the weights of one that was never killed', async () => {
      const killed = await jobOf('killed', family, files)
      const kept = await killAt(killed, 7)
      const steps: TrainingStep[] = []
      const told: string[] = []
      const resumed = await trainInChild({
        ...killed,
        attempt: 2,
        onStep: (step) => steps.push(step),
        onProgress: (text) => told.push(text),
      })
      assert.equal(weightsOf(resumed), whole())
      assert.ok(told.includes('going on from a checkpoint'))
      assert.ok((steps[0]?.step ?? 0) >= kept.step, `${steps[0]?.step} after ${kept.step}`)
      assert.ok(steps.every(({ step, of, loss }) => step <= of && Number.isFinite(loss)))
      assert.deepEqual(await readdir(killed.outputFolder), ['attempt-2'])
    })

    it('starts from the beginning when the checkpoint is damaged, or of another seed', async () => {
      const damaged = await jobOf('damaged', family, files)
      const { checkpoint } = await killAt(damaged, 3)
      const bytes = await readFile(checkpoint)
      const told: string[] = []
      const onProgress = (text: string) => told.push(text)
      await writeFile(checkpoint, bytes.subarray(0, bytes.length - 5))
      assert.equal(weightsOf(await trainInChild({ ...damaged, attempt: 2, onProgress })), whole())
      await writeFile(checkpoint, bytes)
      const other = await trainInChild({ ...damaged, attempt: 3, seed: 6, onProgress })
      assert.notEqual(weightsOf(other), whole())
      assert.ok(!told.includes('going on from a checkpoint'))
    })

    it('is rebuilt from its own files to the same weights', async () => {
      const environment = inheritedEnvironment()
      const folder = join(root, `rebuild-${family}`)
      assert.deepEqual(await rebuildVersion(version, { families, folder, tensorflow, environment }), {
        outcome: 'same',
        weightsSha256: whole(),
      })
      const metadata = JSON.parse(new TextDecoder().decode(version['metadata.json'])) as Record<string, unknown>
      const withMetadata = (changed: object) => ({
        ...version,
        'metadata.json': new TextEncoder().encode(JSON.stringify({ ...metadata, ...changed })),
      })
      const refused = await rebuildVersion(withMetadata({ machine: 'other-machine', trainerVersion: 'older' }), {
        ...{ families, folder, tensorflow, environment },
      })
      assert.equal(refused.outcome, 'refused')
      assert.match(refused.differs.join('\n'), /trainerVersion: was older[\s\S]*machine: was other-machine/)
      const different = await rebuildVersion(withMetadata({ seed: 6 }), { families, folder, tensorflow, environment })
      assert.equal(different.outcome, 'different')
    })
  })

describe('a training', () => {
  const [family, files] = datasets[0] ?? ['picture-classifier', {}]

  it('that ends in no numbers fails and says so', async () => {
    for (const [kind, dataset] of datasets) {
      const broken = { ...dataset, 'embeddings.bin': (dataset['embeddings.bin'] ?? new Uint8Array()).map(() => 255) }
      await assert.rejects(
        trainInChild(await jobOf('nan', kind, broken)),
        (error) => error instanceof TrainingFailed && error.reason === 'NotANumber',
        kind,
      )
    }
  })

  it('of an older attempt does not begin when a newer one has, and leaves the newer one’s files', async () => {
    const job = await jobOf('fenced', family, files)
    const newer = await trainInChild({ ...job, attempt: 2 })
    await assert.rejects(
      trainInChild({ ...job, attempt: 1 }),
      (error) => error instanceof TrainingFailed && error.reason === 'StaleAttempt',
    )
    assert.deepEqual(await readdir(job.outputFolder), ['attempt-2'])
    const stored = await readFile(join(job.outputFolder, 'attempt-2', 'weights.bin'))
    assert.equal(sha256Of(stored), weightsOf(newer))
  })

  it('of an older attempt does not publish when a newer one began meanwhile', async () => {
    const job = await jobOf('overtaken', family, files)
    let begun: Promise<unknown> | undefined
    const onStep = () => (begun ??= mkdir(join(job.outputFolder, 'attempt-2.partial'), { recursive: true }))
    await assert.rejects(
      trainInChild({ ...job, onStep: () => void onStep() }),
      (error) => error instanceof TrainingFailed && error.reason === 'StaleAttempt',
    )
    assert.deepEqual(await readdir(job.outputFolder), ['attempt-2.partial'])
  })
})
