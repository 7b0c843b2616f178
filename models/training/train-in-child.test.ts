import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sha256Of } from '../files.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { DatasetInvalid } from './task.ts'
import { type Dataset, datasetFiles } from '../encoder-head/dataset.ts'
import { pictureClassifier } from '../families/picture-classifier/picture-classifier.ts'
import { openTensorflow } from '../tensorflow.ts'
import { smallExamples, smallLabels, tinyBackbone } from '../testing/small-dataset.ts'
import { trainInChild, TrainingFailed } from './train-in-child.ts'

describe('training in a child process', () => {
  let folder = ''
  let dataset: Dataset
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'training-'))
    const family = pictureClassifier({ tensorflow: await openTensorflow('auto'), backbone: tinyBackbone })
    dataset = await family.prepare(smallExamples(), { labels: smallLabels })
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const jobOf = async (name: string, trained: Dataset = dataset) => {
    const datasetFolder = join(folder, name, 'dataset')
    await mkdir(datasetFolder, { recursive: true })
    for (const [file, bytes] of Object.entries(datasetFiles(trained))) await writeFile(join(datasetFolder, file), bytes)
    const outputFolder = join(folder, name, 'version')
    return {
      family: 'picture-classifier' as const,
      bot: 'hatter',
      notes: 'Numbers.',
      seed: 5,
      tensorflow: 'auto' as const,
      datasetFolder,
      outputFolder,
      environment: inheritedEnvironment(),
    }
  }

  it('gives all files of a version, tells its progress, and gives the same weights again', async () => {
    const told: string[] = []
    const first = await trainInChild({ ...(await jobOf('first')), onProgress: (text) => told.push(text) })
    const second = await trainInChild(await jobOf('second'))
    assert.deepEqual(Object.keys(first).toSorted(), [
      'card.md',
      'embeddings.bin',
      'evaluation.json',
      'examples.json',
      'held-out.json',
      'metadata.json',
      'weights.bin',
    ])
    assert.equal(sha256Of(first['weights.bin'] ?? 'a'), sha256Of(second['weights.bin'] ?? 'b'))
    assert.ok(
      told.some((text) => text.includes('step 200 of 200')),
      told.join('\n'),
    )
  })

  it('is killed when it is aborted, and leaves nothing behind', async () => {
    const job = await jobOf('aborted')
    const abort = new AbortController()
    const reason = new Error('no longer wanted')
    await assert.rejects(trainInChild({ ...job, signal: abort.signal, onProgress: () => abort.abort(reason) }), reason)
    assert.deepEqual(await readdir(join(folder, 'aborted')), ['dataset'])
  })

  it('is ended when it takes longer than it may', async () => {
    await assert.rejects(
      trainInChild({ ...(await jobOf('slow')), budgetMs: 1 }),
      (error) => error instanceof TrainingFailed && error.reason === 'TooLong',
    )
  })

  it('does not begin when it is aborted before its process is there', async () => {
    const [abort, told]: [AbortController, string[]] = [new AbortController(), []]
    const reason = new Error('no longer wanted')
    const job = { ...(await jobOf('early')), signal: abort.signal, onProgress: (text: string) => void told.push(text) }
    const training = trainInChild(job)
    abort.abort(reason)
    await assert.rejects(training, reason)
    assert.deepEqual(told, [])
  })

  it('hands on that a dataset cannot be learned from', async () => {
    const oneVendor = dataset.examples.map((example) => ({ ...example, vendor: 'north' }))
    const job = await jobOf('invalid', { ...dataset, examples: oneVendor })
    await assert.rejects(
      trainInChild(job),
      (error) => error instanceof DatasetInvalid && error.message.includes('three vendors'),
    )
  })

  it('of another family than the dataset’s fails with a reason', async () => {
    const job = { ...(await jobOf('texts')), family: 'text-classifier' as const }
    await assert.rejects(
      trainInChild(job),
      (error) => error instanceof TrainingFailed && error.reason === 'ModelNotReady',
    )
  })

  it('fails with a reason when the dataset is not there', async () => {
    const job = { ...(await jobOf('missing')), datasetFolder: join(folder, 'nowhere') }
    await assert.rejects(trainInChild(job), (error) => error instanceof TrainingFailed && error.reason === 'ENOENT')
  })
})
