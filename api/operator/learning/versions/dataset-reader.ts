import { z } from 'zod'
import type { Blobs } from '../../../../adapters/blobs/files.ts'
import { exampleParts } from '../../../../domain/learning/examples.ts'
import type { ListedDataset } from '../../../../store/versions/datasets.ts'

const examplesFile = z.looseObject({
  examples: z.array(
    z.looseObject({
      id: z.string(),
      label: z.string(),
      vendor: z.string(),
      weight: z.number(),
      inputSha256: z.string(),
      part: z.enum(exampleParts).default('train'),
      corrections: z.array(z.string()).default([]),
    }),
  ),
})
/** One example of a dataset, as its file names it. */
type DatasetExample = z.infer<typeof examplesFile>['examples'][number]

/** Reads the examples of datasets. They are immutable, so what was read once is kept; what could not be read is not. */
export function datasetReader(
  blobs: Pick<Blobs, 'get'>,
): (dataset: Pick<ListedDataset, 'root' | 'files'>) => Promise<readonly DatasetExample[]> {
  const known = new Map<string, Promise<readonly DatasetExample[]>>()
  const read = async (sha256: string) =>
    examplesFile.parse(JSON.parse(new TextDecoder().decode(await blobs.get(sha256)))).examples
  return ({ root, files }) => {
    const reading = known.get(root) ?? read(files['examples.json'] ?? '')
    known.set(root, reading)
    reading.catch(() => known.delete(root))
    return reading
  }
}
