import { z } from 'zod'
import type { RawExample } from '../../models/datasets/examples.ts'
import type { VersionFiles } from '../../models/files.ts'

/** What a held-out base example looks like to a person: PNG bytes, or the text as UTF-8. */
export interface HeldInput {
  readonly example: string
  readonly kind: 'picture' | 'text'
  readonly bytes: Uint8Array
}

/** The file beside a kept version's own that holds them. Versions do not carry it: the database tells what examples look like. */
const fileName = 'held-inputs.json'

const held = z.array(z.object({ example: z.string(), kind: z.enum(['picture', 'text']), base64: z.string() }))

type Raw = RawExample<Uint8Array>

/** Hands examples on and keeps what the held-out ones look like: what two versions say of them is shown to people. */
export async function* keepingHeld(
  examples: AsyncIterable<Raw>,
  kept: HeldInput[],
  show: (input: Uint8Array) => Promise<Pick<HeldInput, 'kind' | 'bytes'>> | Pick<HeldInput, 'kind' | 'bytes'>,
): AsyncGenerator<Raw> {
  for await (const example of examples) {
    if (example.part === 'holdout') kept.push({ example: example.id, ...(await show(example.input)) })
    yield example
  }
}

/** The version's files with this one beside them. */
export const withHeldInputs = (files: VersionFiles, inputs: readonly HeldInput[]): VersionFiles => ({
  ...files,
  [fileName]: new TextEncoder().encode(
    JSON.stringify(
      inputs.map(({ example, kind, bytes }) => ({ example, kind, base64: Buffer.from(bytes).toString('base64') })),
    ),
  ),
})

/** The version's own files, and what was put beside them. */
export function splitHeldInputs(all: VersionFiles): {
  readonly files: VersionFiles
  readonly inputs: readonly HeldInput[]
} {
  const { [fileName]: packed, ...files } = all
  const inputs = packed === undefined ? [] : held.parse(JSON.parse(new TextDecoder().decode(packed)))
  return {
    files,
    inputs: inputs.map(({ base64, ...input }) => ({ ...input, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })),
  }
}
