import { normal, seededRandom } from '../../../domain/model/seeded-random.ts'
import { correctionWeight, peopleVendor, type RawExample } from '../../../models/datasets/examples.ts'
import type { VersionFiles } from '../../../models/files.ts'
import { pictureClassifier } from '../../../models/families/picture-classifier/picture-classifier.ts'
import { datasetFiles } from '../../../models/encoder-head/dataset.ts'
import { pictureClassifierFamily } from '../../../models/families/picture-classifier/family.ts'
import type { Classifier } from '../../../models/model.ts'
import { openTensorflow } from '../../../models/tensorflow.ts'
import { tinyAssets } from '../../../models/testing/tiny-assets.ts'
import { pictureOf, smallExamples, smallLabels, tinyBackbone } from '../../../models/testing/small-dataset.ts'

type Raw = RawExample<Uint8Array>

async function* streamOf(examples: readonly Raw[]) {
  for (const example of examples) yield await Promise.resolve(example)
}

/** A hat whose brim alone is bright. No base example is like it, so who has not learned of them takes it for none. */
function brim(random: () => number): Uint8Array {
  return pictureOf([105, 105, 105, 165, 165, 165, 105, 105].map((value) => value + 8 * normal(random)))
}

/** What people corrected: every other one is held out. */
function corrections(count: number): readonly Raw[] {
  const random = seededRandom(11)
  return Array.from({ length: count }, (_, at) => {
    const id = `correction:${at}`
    const part = at % 2 === 0 ? ('train' as const) : ('correction-holdout' as const)
    const input = brim(random)
    return { id, label: 'hat', vendor: peopleVendor, weight: correctionWeight, part, corrections: [`${at}`], input }
  })
}

/** The small examples, every fourth of them held out, and two that every version has to know. */
async function base(): Promise<readonly Raw[]> {
  const golden = (id: string, label: string, bright: number): Raw => {
    const input = pictureOf([bright, bright, bright, 104, 104, 104, 104, 104])
    return { id, label, vendor: 'north', weight: 1, part: 'golden', input }
  }
  const examples = [golden('golden/hat', 'hat', 168), golden('golden/bare', 'no-hat', 104)]
  for await (const raw of smallExamples(48))
    examples.push({ ...raw, part: Number(raw.id.split('/')[1]) % 4 === 0 ? 'holdout' : 'train' })
  return examples
}

const otherLabel = ({ label, ...raw }: Raw): Raw => ({ ...raw, label: label === 'hat' ? 'no-hat' : 'hat' })

/** Versions that were trained on small datasets, and what they are judged on. */
export interface HatVersions {
  /** Base examples, and what people corrected. */
  readonly dataset: VersionFiles
  /** A handful of examples, all but a few to learn from. */
  readonly fewExamples: VersionFiles
  /** Learned the base examples alone. */
  readonly first: VersionFiles
  /** Learned what people corrected too. */
  readonly taught: VersionFiles
  /** Takes hats for none, and the other way round. */
  readonly confused: VersionFiles
  readonly open: (files: VersionFiles) => Promise<Classifier>
}

/** Trains them with the trainer of production, on a network that is none. */
export async function trainHatVersions(): Promise<HatVersions> {
  const tensorflow = await openTensorflow('auto')
  const family = pictureClassifier({ tensorflow, backbone: tinyBackbone })
  const prepare = (examples: readonly Raw[]) => family.prepare(streamOf(examples), { labels: smallLabels })
  const train = async (examples: readonly Raw[]) =>
    family.train(await prepare(examples), { bot: 'hatter', notes: '', seed: 5 })
  const known = await base()
  const all = [...known, ...corrections(64)]
  return {
    dataset: datasetFiles(await prepare(all)),
    fewExamples: datasetFiles(
      await prepare(known.filter(({ part }, at) => part === 'train' || (part === 'holdout' && at < 40))),
    ),
    first: await train(known),
    taught: await train(all),
    confused: await train(all.map(otherLabel)),
    open: (files) => pictureClassifierFamily.open(files, { tensorflow, assets: tinyAssets() }),
  }
}
