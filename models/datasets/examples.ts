import { z } from 'zod'
import { type ExamplePart, exampleParts } from '../../domain/learning/examples.ts'
import { merkleRoot } from '../../domain/model/merkle.ts'
import { readJson, sha256Of, type VersionFiles } from '../files.ts'
import { DatasetInvalid } from '../training/task.ts'

/** One example before it is prepared. */
export interface RawExample<Input> {
  /** Where it comes from, unique in the dataset. */
  readonly id: string
  readonly label: string
  /** The hand that made it; examples of one hand are never on both sides of an evaluation. */
  readonly vendor: string
  /** How much it counts, 1 for an ordinary one. */
  readonly weight: number
  readonly input: Input
  /** Where it belongs; `train` when it does not say so. */
  readonly part?: ExamplePart | undefined
  /** The predictions whose corrections it comes from. */
  readonly corrections?: readonly string[] | undefined
  /** What tells near-duplicates of its input, for families that have such a thing (`near-duplicates.ts`). */
  readonly fingerprint?: string | undefined
  /** The key that it shares with its near-duplicates; its own input's digest when it does not say so. */
  readonly group?: string | undefined
}

/** One example of a dataset: its input is named, not held. */
export interface Example extends Omit<RawExample<never>, 'input'> {
  /** SHA-256 of the normalised input. */
  readonly inputSha256: string
  /** What it said before a correction of the same input overrode it. */
  readonly base?: { readonly label: string; readonly weight: number } | undefined
}

/** The examples of a dataset, without what a family keeps beside them. */
export interface Examples {
  /** The Merkle root over them: the dataset's name. */
  readonly root: string
  readonly labels: readonly string[]
  readonly preprocessingVersion: string
  readonly examples: readonly Example[]
}

/** The vendor of every correction: people, whose inputs come from anywhere. */
export const peopleVendor = 'people'

/**
 * How much a correction counts beside a base example: an input that somebody sent and that a version got wrong tells more than
 * one of many like it. At most 5 (decision 0013), so that a wrong one does not outweigh a handful that are right.
 */
export const correctionWeight = 5

export const partOfExample = ({ part = 'train' }: Pick<Example, 'part'>): ExamplePart => part

/** A correction of an input that no base example has. */
export const isOfPeople = ({ vendor }: Pick<Example, 'vendor'>): boolean => vendor === peopleVendor

/** Where the examples that fit are, in the order of the dataset. */
export const indicesWhere = (
  { examples }: Pick<Examples, 'examples'>,
  fits: (example: Example) => boolean,
): readonly number[] => examples.flatMap((example, index) => (fits(example) ? [index] : []))

/** @throws DatasetInvalid when there is nothing to learn from, or nothing to tell apart. */
export function checkLearnable({ examples }: Pick<Examples, 'examples'>): void {
  const learned = examples.filter((example) => partOfExample(example) === 'train')
  const [only, ...others] = new Set(learned.map(({ label }) => label))
  if (only === undefined) throw new DatasetInvalid('it has no examples to learn from')
  if (others.length === 0) throw new DatasetInvalid(`all examples to learn from are of one label, ${only}`)
}

/** How many examples of each part. */
export const partCounts = ({ examples }: Pick<Examples, 'examples'>): Readonly<Record<ExamplePart, number>> =>
  Object.fromEntries(
    exampleParts.map((part) => [part, examples.filter((example) => partOfExample(example) === part).length]),
  ) as Record<ExamplePart, number>

export const rootOf = (examples: readonly Example[]): string => merkleRoot(examples, sha256Of)

/** The file of every labelled dataset that lists its examples. */
export const examplesFileName = 'examples.json'

/** One example as that file has it; writing through it keeps one order of keys, so that the same examples are the same bytes. */
export const exampleShape = z.object({
  id: z.string(),
  inputSha256: z.string(),
  label: z.string(),
  vendor: z.string(),
  weight: z.number(),
  part: z.enum(exampleParts).optional(),
  corrections: z.array(z.string()).optional(),
  fingerprint: z.string().optional(),
  group: z.string().optional(),
  base: z.object({ label: z.string(), weight: z.number() }).optional(),
})

/** What that file holds in every family; a family may keep more in it. */
export const examplesShape = z.object({
  labels: z.array(z.string()),
  preprocessingVersion: z.string(),
  examples: z.array(exampleShape),
})

/** A dataset's examples. @throws ModelNotReady when the file is missing or damaged. */
export function readExamples(files: VersionFiles): Examples {
  const read = readJson(files, examplesFileName, examplesShape)
  return { ...read, root: rootOf(read.examples) }
}
