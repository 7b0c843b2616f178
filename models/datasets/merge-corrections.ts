import { sha256Of } from '../files.ts'
import { DatasetInvalid } from '../training/task.ts'
import { peopleVendor, type Example, type RawExample, isOfPeople, partOfExample } from './examples.ts'

/** A correction that may be in a dataset. Its id is `correction:<prediction>`. */
export interface CorrectionExample extends RawExample<Uint8Array> {
  readonly part: 'train' | 'correction-holdout'
  readonly corrections: readonly string[]
}

/** What became of corrections beside base examples. */
export interface Merged {
  /** Base examples in their order, then new inputs by their ids. */
  readonly examples: readonly Example[]
  readonly inputs: ReadonlyMap<string, Uint8Array>
  readonly used: readonly { readonly id: string; readonly part: CorrectionExample['part'] }[]
  /** `reason` is our own words. */
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  /** Base examples to learn from whose label people changed. */
  readonly overridden: readonly {
    readonly example: string
    readonly by: readonly string[]
    readonly from: string
    readonly to: string
  }[]
}

/** All corrections of one input. */
interface OfInput {
  readonly inputSha256: string
  readonly all: readonly [CorrectionExample, ...CorrectionExample[]]
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

function byInput(corrections: readonly CorrectionExample[]): readonly OfInput[] {
  const found = new Map<string, [CorrectionExample, ...CorrectionExample[]]>()
  for (const correction of corrections.toSorted((one, other) => compare(one.id, other.id))) {
    const inputSha256 = sha256Of(correction.input)
    const before = found.get(inputSha256)
    if (before === undefined) found.set(inputSha256, [correction])
    else before.push(correction)
  }
  return [...found].map(([inputSha256, all]) => ({ inputSha256, all }))
}

/** A base example as it was before any correction. */
const restored = ({ base, ...example }: Example): Example =>
  base === undefined ? example : { ...withoutCorrections(example), ...base }

const withoutCorrections = (example: Example): Example => {
  const { id, inputSha256, label, vendor, weight, part, fingerprint, group } = example
  return { id, inputSha256, label, vendor, weight, part, fingerprint, group }
}

/** Why corrections of one input are not used beside the base example of that input. */
function reasonAgainst({ all: [first, ...others] }: OfInput, base: Example | undefined): string | undefined {
  if (others.some(({ label }) => label !== first.label)) return 'people gave the same input two labels'
  if (base === undefined) return undefined
  const part = partOfExample(base)
  if (part !== 'train') return `its input is a base example that is held out (${part})`
  return first.part === 'train' ? undefined : 'it is held out, and its input is a base example that is learned from'
}

const idsOf = ({ all }: OfInput): readonly string[] => all.map(({ id }) => id)
const predictionsOf = ({ all }: OfInput): readonly string[] =>
  [...new Set(all.flatMap(({ corrections }) => corrections))].toSorted(compare)
const weightOf = ({ all }: OfInput): number => Math.max(...all.map(({ weight }) => weight))

/** One example of all corrections of an input: a repeated one counts once. */
function exampleOf(corrected: OfInput): Example {
  const { id, label, part, fingerprint, group } = corrected.all[0]
  const optional = { ...(fingerprint !== undefined && { fingerprint }), ...(group !== undefined && { group }) }
  const { inputSha256 } = corrected
  const corrections = predictionsOf(corrected)
  return { id, inputSha256, label, vendor: peopleVendor, weight: weightOf(corrected), part, corrections, ...optional }
}

/** The base example with what people say of it. */
const overriding = (base: Example, corrected: OfInput): Example => ({
  ...base,
  label: corrected.all[0].label,
  weight: weightOf(corrected),
  corrections: predictionsOf(corrected),
  base: { label: base.label, weight: base.weight },
})

function checkLabels(examples: readonly Pick<Example, 'id' | 'label'>[], labels: readonly string[]): void {
  for (const { id, label } of examples)
    if (!labels.includes(label)) throw new DatasetInvalid(`${id} has the label ${label}, which the bot does not have`)
}

/**
 * Puts the accepted corrections beside the base examples of a parent's dataset; corrections that the parent had and that are not
 * among these are gone. A correction of a base example's own input overrides its label, unless the base example is held out.
 * @throws DatasetInvalid when a label is none of the bot's.
 */
export function mergeCorrections(
  parent: readonly Example[],
  corrections: readonly CorrectionExample[],
  labels: readonly string[],
): Merged {
  const bases = parent.filter((example) => !isOfPeople(example)).map(restored)
  checkLabels([...bases, ...corrections], labels)
  const baseOf = new Map(bases.map((example) => [example.inputSha256, example]))
  const all = byInput(corrections).map((corrected) => {
    const base = baseOf.get(corrected.inputSha256)
    return { corrected, base, against: reasonAgainst(corrected, base) }
  })
  const good = all.filter(({ against }) => against === undefined)
  const overrides = new Map(good.flatMap(({ corrected, base }) => (base ? [[base.inputSha256, corrected]] : [])))
  const fresh = good.filter(({ base }) => base === undefined).map(({ corrected }) => corrected)
  const learned = bases.map((base) => {
    const corrected = overrides.get(base.inputSha256)
    return corrected === undefined ? base : overriding(base, corrected)
  })
  return {
    examples: [...learned, ...fresh.map(exampleOf)],
    inputs: new Map(fresh.map(({ inputSha256, all: [{ input }] }) => [inputSha256, input])),
    used: good.flatMap(({ corrected: { all: some } }) => some.map(({ id }) => ({ id, part: some[0].part }))),
    leftOut: all.flatMap(({ corrected, against }) =>
      against === undefined ? [] : idsOf(corrected).map((id) => ({ id, reason: against })),
    ),
    overridden: learned.flatMap(({ id, label, base, inputSha256 }) => {
      const by = overrides.get(inputSha256)
      return base === undefined || base.label === label || by === undefined
        ? []
        : [{ example: id, by: idsOf(by), from: base.label, to: label }]
    }),
  }
}
