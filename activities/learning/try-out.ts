import { quantile } from '../../domain/quantile.ts'
import type { Prediction, Classifier } from '../../models/model.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { LearningDeps } from './deps.ts'

/** How a version does in a sandbox beside its champion. */
export interface TriedOut {
  /** What went wrong, in our own words; `undefined` when nothing did. */
  readonly fault: string | undefined
  /** In milliseconds, over the same inputs in turns; absent when nothing could be measured. */
  readonly times?: { readonly p95Ms: number; readonly championP95Ms: number }
}

/** Probabilities are rounded where they are kept; more than that is no rounding. */
const tolerance = 0.01

function faultOf(prediction: Prediction | undefined, labels: ReadonlySet<string>): string | undefined {
  if (prediction === undefined) return 'it gave no answer'
  const { label, confidence, probabilities } = prediction
  const values = Object.values(probabilities)
  if (![confidence, ...values].every((value) => value >= 0 && value <= 1)) return 'a probability is none'
  if (!labels.has(label)) return 'it says a label that the bot does not have'
  const sum = values.reduce((all, value) => all + value, 0)
  return Math.abs(sum - 1) > tolerance ? 'its probabilities do not sum to 1' : undefined
}

async function timed(deps: LearningDeps, predictor: Classifier, input: Uint8Array) {
  const start = deps.clock()
  const [prediction] = await predictor.predict([input])
  return { prediction, ms: deps.clock() - start }
}

interface Pair {
  readonly challenger: Classifier
  readonly champion: Classifier
}

/** Each input goes through both, one after the other, so that a busy machine slows both alike. */
async function compare(deps: LearningDeps, pair: Pair, inputs: readonly Uint8Array[]): Promise<TriedOut> {
  const labels = new Set(pair.challenger.labels)
  const [own, other]: [number[], number[]] = [[], []]
  for (const input of inputs) {
    const champion = await timed(deps, pair.champion, input)
    const challenger = await timed(deps, pair.challenger, input)
    const fault = faultOf(challenger.prediction, labels)
    if (fault !== undefined) return { fault }
    own.push(challenger.ms)
    other.push(champion.ms)
  }
  return {
    fault: undefined,
    ...(own.length > 0 && { times: { p95Ms: quantile(own, 0.95), championP95Ms: quantile(other, 0.95) } }),
  }
}

/** Loads the challenger, warms it up and asks it beside its champion, which is warm. */
async function tryBeside(
  deps: LearningDeps,
  champion: Classifier,
  { load, inputs }: { readonly load: () => Promise<Classifier>; readonly inputs: readonly Uint8Array[] },
): Promise<TriedOut> {
  try {
    const challenger = await load()
    try {
      await challenger.warmUp()
      return await compare(deps, { challenger, champion }, inputs)
    } finally {
      challenger.dispose()
    }
  } catch (error) {
    // Only a version's own fault says so; a lost file system or network is tried again.
    if (!(error instanceof Error && 'code' in error && error.code === 'ModelNotReady')) throw error
    return { fault: error.message }
  }
}

/**
 * Loads a version as an inference worker does, warms it up and asks it what people asked lately, beside its champion.
 * @throws when the champion cannot be loaded, or is not fit to answer: then nothing is known about the challenger.
 */
export async function tryOut(
  deps: LearningDeps,
  family: string,
  options: {
    readonly challenger: VersionFiles
    readonly champion: VersionFiles
    readonly inputs: readonly Uint8Array[]
  },
): Promise<TriedOut> {
  const { inputs } = options
  const champion = await deps.models.open(family, options.champion)
  try {
    await champion.warmUp()
    return await tryBeside(deps, champion, { load: () => deps.models.open(family, options.challenger), inputs })
  } finally {
    champion.dispose()
  }
}
