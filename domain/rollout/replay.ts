import { exactMcNemar } from './statistics/e-value.ts'
import type { Compared } from './evidence.ts'
import type { Verdict } from './verdict.ts'
import { quantileOrNull } from '../quantile.ts'

/** What a version said about one recorded input. */
export interface Said {
  readonly label: string
  readonly confidence: number
  readonly ms: number
}

/** One recorded input, played to both; the champion hears it twice, which shows whether it repeats itself. */
export interface Played {
  /** As in domain/prediction.ts. */
  readonly prediction: string
  readonly inputSha256: string
  /** What people say it is. */
  readonly truth: string | undefined
  /** Absent: it failed. */
  readonly challenger: Said | undefined
  readonly champion: Said | undefined
  readonly again: Said | undefined
  /** Messages that had come before in its conversation. */
  readonly earlier: number
  /** One of both was trained on it. */
  readonly learned: boolean
}

/** What a version would have said to recorded requests, beside what another says. */
export interface ReplayReport {
  readonly bot: string
  readonly version: number
  readonly against: number
  /** ISO 8601; the oldest and the newest recording. */
  readonly from: string
  readonly to: string
  readonly requests: number
  /** Recordings of inputs that were prepared by other rules than the version reads: they are not played. */
  readonly otherPreprocessing: number
  /** Recordings of the same time that are not played because only the newest are. */
  readonly older: number
  /** Share of requests in which both say the same. */
  readonly agreement: number
  /** Share of requests in which the champion says the same twice: 1, or the comparison is worth nothing. */
  readonly noiseFloor: number
  readonly errors: number
  /** Requests of which people have said what they are; "would have fixed" and "would have broken" among them. */
  readonly labelled: number
  readonly fixedCount: number
  readonly brokeCount: number
  /** How many of them one of both was trained on: the verdict does not count these. */
  readonly fixedLearned: number
  readonly brokeLearned: number
  readonly fixed: readonly Compared[]
  readonly broke: readonly Compared[]
  /** Where the answers differ, the newest first. */
  readonly churn: readonly Compared[]
  readonly churnCount: number
  /** In milliseconds, one after the other in one process. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly againstP95Ms: number | null
  /** The forecast of cost. */
  readonly cpuSecondsPer1000: number | null
  /** Of versions, inputs, labels and confidences rounded to 1e-3, without times: the same replay has the same hash. */
  readonly hash: string
  readonly verdict: Verdict
  /** One sentence. */
  readonly why: string
}

/** So many examples are kept of each kind. */
const mostExamples = 50
const significant = 0.05

const rounded = (said: Said | undefined): readonly [string, number] | null =>
  said === undefined ? null : [said.label, Math.round(said.confidence * 1000) / 1000]

const same = (one: Said | undefined, other: Said | undefined): boolean =>
  one?.label === other?.label && Math.abs((one?.confidence ?? 0) - (other?.confidence ?? 0)) <= 0.001

const share = (part: number, all: number): number => (all === 0 ? 1 : part / all)

/** What the hash of a report is of, in an order that does not depend on when things were recorded. */
export const hashedOf = (
  played: readonly Played[],
  { version, against }: Pick<ReplayReport, 'version' | 'against'>,
): string => {
  const lines = played.map(({ inputSha256, challenger, champion }) =>
    JSON.stringify([inputSha256, rounded(challenger), rounded(champion)]),
  )
  return [JSON.stringify([version, against]), ...lines.toSorted()].join('\n')
}

type Outcome = Pick<
  ReplayReport,
  | 'requests'
  | 'otherPreprocessing'
  | 'noiseFloor'
  | 'errors'
  | 'fixedCount'
  | 'brokeCount'
  | 'fixedLearned'
  | 'brokeLearned'
  | 'agreement'
>

const percent = (part: number) => `${Math.round(part * 1000) / 10} %`

/**
 * 1. Nothing recorded: no_data, and the rollout goes on; it is printed on the card.
 * 2. A version that fails, or a champion that does not repeat itself: fail.
 * 3. Significantly more broken than fixed, of what people have labelled and neither was trained on: fail.
 * 4. Else pass; it says nothing about being better.
 */
export function replayVerdict({
  requests,
  otherPreprocessing,
  noiseFloor,
  errors,
  fixedCount,
  brokeCount,
  fixedLearned,
  brokeLearned,
  agreement,
}: Outcome): Pick<ReplayReport, 'verdict' | 'why'> {
  if (requests === 0)
    return {
      verdict: 'no_data',
      why:
        otherPreprocessing === 0
          ? 'nothing is recorded yet'
          : `all ${otherPreprocessing} recorded requests were prepared by other rules than it reads`,
    }
  if (errors > 0) return { verdict: 'fail', why: `${errors} of ${requests} recorded requests failed` }
  if (noiseFloor < 1)
    return { verdict: 'fail', why: `the champion repeats itself in ${percent(noiseFloor)} of ${requests} only` }
  const [fixed, broke] = [fixedCount - fixedLearned, brokeCount - brokeLearned]
  const learned = fixedLearned + brokeLearned
  const counts = `it would have fixed ${fixed} and broken ${broke}${learned > 0 ? `, beside ${learned} that one of both was trained on` : ''}`
  if (broke > fixed && exactMcNemar(fixed, broke) < significant)
    return { verdict: 'fail', why: `of the labelled requests ${counts}` }
  return { verdict: 'pass', why: `it agrees in ${percent(agreement)} of ${requests} recorded requests; ${counts}` }
}

const comparedOf = ({ prediction, champion, challenger, truth, earlier, learned }: Played): readonly Compared[] =>
  champion === undefined || challenger === undefined
    ? []
    : [
        {
          ...{ prediction, champion: champion.label, challenger: challenger.label },
          ...(truth !== undefined && { truth }),
          ...(earlier > 0 && { earlier }),
          ...(learned && { learned }),
        },
      ]

/** What is evidence comes first. */
const unlearnedFirst = (all: readonly Compared[]): readonly Compared[] => [
  ...all.filter(({ learned }) => learned !== true),
  ...all.filter(({ learned }) => learned === true),
]
const countLearned = (all: readonly Compared[]): number => all.filter(({ learned }) => learned === true).length

/** Everything of a report but who was compared, when, and the hash. */
export function summarise(
  played: readonly Played[],
  {
    cpuSeconds,
    otherPreprocessing,
    older,
  }: { readonly cpuSeconds: number } & Pick<ReplayReport, 'otherPreprocessing' | 'older'>,
): Omit<ReplayReport, 'bot' | 'version' | 'against' | 'from' | 'to' | 'hash'> {
  const compared = played.flatMap(comparedOf)
  const churn = compared.filter(({ champion, challenger }) => champion !== challenger)
  const fixed = unlearnedFirst(churn.filter(({ challenger, truth }) => truth === challenger))
  const broke = unlearnedFirst(churn.filter(({ champion, truth }) => truth === champion))
  const times = played.flatMap(({ challenger }) => (challenger === undefined ? [] : [challenger.ms]))
  const counts = {
    requests: played.length,
    otherPreprocessing,
    agreement: share(compared.length - churn.length, compared.length),
    noiseFloor: share(played.filter(({ champion, again }) => same(champion, again)).length, played.length),
    errors: played.filter(({ challenger }) => challenger === undefined).length,
    fixedCount: fixed.length,
    brokeCount: broke.length,
    fixedLearned: countLearned(fixed),
    brokeLearned: countLearned(broke),
  }
  return {
    ...counts,
    older,
    labelled: played.filter(({ truth }) => truth !== undefined).length,
    fixed: fixed.slice(0, mostExamples),
    broke: broke.slice(0, mostExamples),
    churn: churn.slice(0, mostExamples),
    churnCount: churn.length,
    p50Ms: quantileOrNull(times, 0.5),
    p95Ms: quantileOrNull(times, 0.95),
    againstP95Ms: quantileOrNull(
      played.flatMap(({ champion }) => (champion === undefined ? [] : [champion.ms])),
      0.95,
    ),
    cpuSecondsPer1000: played.length === 0 ? null : (cpuSeconds / played.length) * 1000,
    ...replayVerdict(counts),
  }
}
