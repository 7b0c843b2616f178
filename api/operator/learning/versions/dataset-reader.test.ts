import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlobMissing } from '../../../../adapters/blobs/blob-errors.ts'
import { ServiceUnavailable } from '../../../../domain/errors.ts'
import type { ListedDataset } from '../../../../store/versions/datasets.ts'
import { datasetReader } from './dataset-reader.ts'

const example = { id: 'one', label: 'fedora', vendor: 'noto', weight: 1, inputSha256: 'input' }
const dataset: ListedDataset = {
  ...{ root: 'root', bot: 'fedora-finder', family: 'picture-classifier', size: 1, labelCounts: { fedora: 1 } },
  ...{ files: { 'examples.json': 'examples' }, parent: undefined },
  corrections: { train: 0, heldOut: 0 },
  createdAt: new Date(),
}

test('a dataset that could not be read is told as such, never as an empty one, and is read again', async () => {
  const failures = [new ServiceUnavailable('the blob store', 'EIO'), new BlobMissing('examples')]
  let reads = 0
  const get = () => {
    const failure = failures[reads++]
    const bytes = new TextEncoder().encode(JSON.stringify({ examples: [example] }))
    return failure === undefined ? Promise.resolve(bytes) : Promise.reject(failure)
  }
  const examples = datasetReader({ get })
  await assert.rejects(examples(dataset), { code: 'ServiceUnavailable' })
  await assert.rejects(examples(dataset), { code: 'BlobMissing' })
  assert.deepEqual(await examples(dataset), [{ ...example, part: 'train', corrections: [] }])
  await examples(dataset)
  assert.equal(reads, 3, 'what was read is kept')
})
