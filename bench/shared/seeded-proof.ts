import { parseArgs } from 'node:util'

export interface SeededRun {
  readonly times: number
  /** The same seed makes the same plan. */
  readonly seed: number
  /** One line of progress, for a person who waits. */
  readonly say: (line: string) => void
}

/** The command line of a proof that is planned by a seed: `--times N`, `--seed N`, `--json`. Ends the process with 0 when it held. */
export async function seededProof(
  defaults: Pick<SeededRun, 'times' | 'seed'>,
  prove: (run: SeededRun) => Promise<{ readonly ok: boolean }>,
): Promise<void> {
  const options = {
    times: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ options })
  const times = Number(values.times ?? defaults.times)
  const seed = Number(values.seed ?? defaults.seed)
  if (![times, seed].every((value) => Number.isInteger(value) && value > 0)) {
    console.error('--times and --seed need whole numbers from 1')
    process.exit(2)
  }
  const result = await prove({ times, seed, say: (line) => console.error(line) })
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
  process.exit(result.ok ? 0 : 1)
}
