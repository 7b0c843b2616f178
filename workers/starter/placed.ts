import { sha256Of } from '../../models/files.ts'
import { partOf, type ExamplePart } from '../../domain/learning/examples.ts'
import type { Example, RawExample } from '../../models/datasets/examples.ts'
import { createGrouper } from '../../models/datasets/near-duplicates.ts'
import { RecipeInvalid } from './pictures/recipe.ts'

type Raw = RawExample<Uint8Array>

export interface Placing {
  readonly bot: string
  /** Ids of the examples that nothing learns from. */
  readonly golden: ReadonlySet<string>
  /** What tells near-duplicates; without it only equal inputs are. */
  readonly fingerprintOf?: (input: Uint8Array) => string
}

/** Base examples with the part that each belongs to for life, by the group of its near-duplicates; no label is looked at. */
export async function* placed(
  examples: AsyncIterable<Raw>,
  { bot, golden, fingerprintOf }: Placing,
): AsyncGenerator<Raw> {
  const groupOf = createGrouper([])
  for await (const example of examples) {
    const inputSha256 = sha256Of(example.input)
    const fingerprint = fingerprintOf?.(example.input)
    const { group } = groupOf({ inputSha256, fingerprint })
    const part: ExamplePart = golden.has(example.id) ? 'golden' : partOf(sha256Of(`${bot}:${group}`), 'base')
    yield { ...example, part, ...(fingerprint !== undefined && { fingerprint, group }) }
  }
}

/** @throws RecipeInvalid naming golden examples that are not in the dataset: unknown, or equal to another example. */
export function checkGolden(file: string, golden: readonly string[], examples: readonly Example[]): void {
  const missing = golden.filter((id) => !examples.some((example) => example.id === id && example.part === 'golden'))
  if (missing.length > 0)
    throw new RecipeInvalid(
      file,
      missing.map((id) => `golden: ${id} is no example of its own`),
    )
}
