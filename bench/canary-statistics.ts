import { parseArgs } from 'node:util'
import { rolloutDefaults } from '../domain/learning/numbers.ts'
import { exactMcNemar } from '../domain/rollout/statistics/e-value.ts'
import { judge } from '../domain/rollout/judge.ts'
import type { Verdict } from '../domain/rollout/verdict.ts'
import { seededRandom } from '../domain/model/seeded-random.ts'
import { quantileOrNull } from '../domain/quantile.ts'

/*
 * How often the product's own verdict promotes a challenger, looked at after every single label. Its peer is McNemar's exact
 * test as people use it: looked at after every label too, from the tenth on, until it says 5 %.
 */

/** What an earlier simulation of the peer gave when nothing differs: 50, 100 and 200 pairs. */
const published = { 50: 0.147, 100: 0.208, 200: 0.272 } as const
const firstPeek = 10

interface Decisions {
  /** The pair at which each canary was promoted; absent: never. */
  readonly promotedAt: readonly (number | undefined)[]
  readonly failed: number
  readonly peerAt: readonly (number | undefined)[]
}

/** A verdict depends on wins and losses alone, so each pair of them is judged once. */
function verdicts(): (wins: number, losses: number) => Verdict {
  const known = new Map<string, Verdict>()
  return (wins, losses) => {
    const key = `${wins}:${losses}`
    const before = known.get(key)
    if (before !== undefined) return before
    const seen = { pairs: { wins, losses, neither: 0 }, lights: [], seen: 30, wanted: 30, waitedOut: false }
    const { verdict } = judge(seen, rolloutDefaults)
    known.set(key, verdict)
    return verdict
  }
}

function peer(): (wins: number, losses: number) => boolean {
  const known = new Map<string, boolean>()
  return (wins, losses) => {
    const key = `${wins}:${losses}`
    const before = known.get(key) ?? exactMcNemar(wins, losses) <= 0.05
    known.set(key, before)
    return before
  }
}

/** Canaries whose challenger is right in `share` of the disagreements, each labelled up to `pairs` times. */
function simulate(
  canaries: number,
  share: number,
  options: { readonly pairs: number; readonly seed: number },
): Decisions {
  const random = seededRandom(options.seed)
  const [verdictOf, differs] = [verdicts(), peer()]
  const promotedAt: (number | undefined)[] = []
  const peerAt: (number | undefined)[] = []
  let failed = 0
  for (let canary = 0; canary < canaries; canary += 1) {
    let [wins, losses] = [0, 0]
    let decided: 'pass' | 'fail' | undefined
    let [promoted, differed]: (number | undefined)[] = []
    for (let pair = 1; pair <= options.pairs; pair += 1) {
      if (random() < share) wins += 1
      else losses += 1
      const verdict = decided ?? verdictOf(wins, losses)
      if (decided === undefined && (verdict === 'pass' || verdict === 'fail')) {
        decided = verdict
        if (verdict === 'pass') promoted = pair
        else failed += 1
      }
      if (differed === undefined && pair >= firstPeek && differs(wins, losses)) differed = pair
    }
    promotedAt.push(promoted)
    peerAt.push(differed)
  }
  return { promotedAt, failed, peerAt }
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4
const within = (at: readonly (number | undefined)[], pairs: number): number =>
  round(at.filter((pair) => pair !== undefined && pair <= pairs).length / at.length)

const median = (at: readonly (number | undefined)[]): number | null =>
  quantileOrNull(
    at.filter((pair) => pair !== undefined),
    0.5,
  )

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, canaries: { type: 'string', default: '20000' } },
})
const canaries = Number(values.canaries)
const looks = [50, 100, 200] as const
const most = 200
const same = simulate(canaries, 0.5, { pairs: most, seed: 5 })
const power = Object.fromEntries(
  [0.6, 0.7, 0.8].map((share) => {
    const { promotedAt, failed } = simulate(canaries, share, { pairs: most, seed: Math.round(share * 10) })
    const reached = Object.fromEntries(looks.map((pairs) => [pairs, within(promotedAt, pairs)]))
    return [share, { ...reached, medianPairs: median(promotedAt), wronglyFailed: round(failed / canaries) }]
  }),
)
const result = {
  bench: 'canary-statistics',
  canaries,
  bound: rolloutDefaults.evidence,
  eValue: {
    falsePromotions: within(same.promotedAt, most),
    falsePromotionsBy: Object.fromEntries(looks.map((pairs) => [pairs, within(same.promotedAt, pairs)])),
    wrongDecisions: round(within(same.promotedAt, most) + same.failed / canaries),
    power,
  },
  peekingMcNemar: {
    wrongDecisions: Object.fromEntries(looks.map((pairs) => [pairs, within(same.peerAt, pairs)])),
    published,
  },
}
process.stdout.write(`${values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 1)}\n`)
