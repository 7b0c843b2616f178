import type { CardPoint } from '../../domain/channel.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import type { Compared, EvidencePayload } from '../../domain/rollout/evidence.ts'
import type { Estimate } from '../../domain/rollout/held-summary.ts'
import type { GuardLight } from '../../domain/rollout/verdict.ts'

/* What an approver must see, shortened to a card; the page has all of it. */

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
const short = (hash: string): string => hash.slice(0, 12)
const points = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`
const ms = (value: number | null): string => (value === null ? 'unknown' : `${Math.round(value)} ms`)
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** An instant as people read it: `2026-01-02 03:04 UTC`. */
export const timeText = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`

const verdictPoint = ({ judgement }: EvidencePayload): CardPoint => ({
  title: `Verdict: ${judgement.verdict.replace('_', ' ')}`,
  text: `${judgement.why} What would change it: ${judgement.next}`,
})

const reasons: Readonly<Record<string, string>> = {
  corrections: 'there were enough corrections',
  schedule: 'it was time by the schedule',
  person: 'a person asked for it',
  demo: 'a person asked for a demonstration',
}

/** Why it was made, and who asked for it. */
const reasonText = ({ trigger, author }: EvidencePayload['lineage']): string =>
  `${reasons[trigger] ?? trigger}${author === null ? '' : ` (author ${author.slice(0, 8)})`}`

function versionsPoint({ version, lineage }: EvidencePayload): CardPoint {
  const { champion, mode, parent, datasetRoot, datasetSize, newCorrections, retrain, seed } = lineage
  const place = mode === 'join' ? `joins v${champion}` : `replaces v${champion}`
  const origin = `made from ${parent === null ? 'nothing' : `v${parent}`}${retrain === null ? '' : ` by retrain ${retrain}`}; ${reasonText(lineage)}`
  return {
    title: 'Versions',
    text: [
      `v${version} ${place}; ${origin}.`,
      `${counted(datasetSize, 'example')} (dataset ${short(datasetRoot)}), ${counted(newCorrections, 'correction')} of them new.`,
      `Seed ${seed}, trainer ${lineage.trainerVersion}, ${lineage.codeFingerprint === null ? 'code unknown' : `code ${short(lineage.codeFingerprint)}`}, weights ${short(lineage.weightsSha256)}.`,
    ].join(' '),
  }
}

const estimated = ({ value, from, to }: Estimate): string => `${percent(value)} (${percent(from)} to ${percent(to)})`

function holdoutPoint({ holdout, gates }: EvidencePayload): CardPoint {
  const open = gates.filter(({ verdict }) => verdict !== 'pass').map(({ gate, verdict }) => `${gate} ${verdict}`)
  const gateText = open.length === 0 ? 'All gates pass.' : `Gates: ${open.join(', ').replaceAll('_', ' ')}.`
  if (holdout === undefined)
    return { title: 'Holdout', text: `There are no holdout figures beside this champion. ${gateText}` }
  const { champion, challenger, correctionHoldout: held, summaries } = holdout
  const [own, other] = [summaries.challenger, summaries.champion]
  const worst = own.worst === undefined ? 'unknown' : `${own.worst.label}, ${percent(own.worst.recall)}`
  return {
    title: 'Holdout',
    text: [
      `Accuracy ${estimated(own.accuracy)}, champion ${estimated(other.accuracy)}.`,
      `Macro F1 ${estimated(own.macroF1)}, champion ${estimated(other.macroF1)}; worst label: ${worst}.`,
      `Calibration error ${percent(challenger.ece)}, champion ${percent(champion.ece)}.`,
      `Held-out corrections: ${held.challenger} of ${held.count} right, champion ${held.champion}.`,
      gateText,
    ].join(' '),
  }
}

function replayPoint({ replay }: EvidencePayload): CardPoint {
  if (replay === undefined) return { title: 'Replay', text: 'Nothing was recorded that could be replayed.' }
  const { requests, from, to, agreement, noiseFloor, errors, reportHash } = replay
  return {
    title: 'Replay',
    text: `${counted(requests, 'request')}, ${timeText(new Date(from))} to ${timeText(new Date(to))}: the same answer in ${percent(agreement)} (champion with itself ${percent(noiseFloor)}), ${counted(errors, 'error')}. Report ${short(reportHash)}.`,
  }
}

function trafficPoint({ traffic }: EvidencePayload): CardPoint {
  const { seen, share, sampleRatioP, pairs, eValue, deadlineMisses, p50Ms, p95Ms, championP95Ms, errorBound } = traffic
  const { accuracyChange: change } = traffic
  const changes =
    change === null
      ? ''
      : ` Right answers by the labels: ${points(change.value)} points (${points(change.from)} to ${points(change.to)}).`
  return {
    title: 'Shadow and canary',
    text: [
      `${counted(seen, 'request')} seen, share ${percent(share)}${sampleRatioP === null ? '' : ` (sample ratio p ${sampleRatioP.toPrecision(2)})`}.`,
      `Labelled disagreements: right ${pairs.wins}, wrong ${pairs.losses}, neither ${pairs.neither}; E = ${eValue.toPrecision(3)}.${changes}`,
      `Deadline misses ${deadlineMisses}; p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}, champion p95 ${ms(championP95Ms)}; errors below ${errorBound === null ? 'an unknown rate' : percent(errorBound)} (95 %).`,
    ].join(' '),
  }
}

/** Only what people have sent has a page. */
const pagesOf = (compared: readonly Compared[], pageOf: (prediction: string) => string): CardPoint['links'] =>
  compared.flatMap(({ prediction, champion, challenger, learned }) =>
    parsePredictionId(prediction) === undefined
      ? []
      : [
          {
            words: `${champion} → ${challenger}${learned === true ? ' (one was trained on it)' : ''}`,
            url: pageOf(prediction),
          },
        ],
  )

const examplesPoint = (
  title: string,
  { compared, count }: { readonly compared: readonly Compared[]; readonly count: number },
  pageOf: (prediction: string) => string,
): CardPoint => ({
  title: `${title}: ${count}`,
  text: count === 0 ? 'None is known.' : 'Examples:',
  links: pagesOf(compared, pageOf) ?? [],
})

function contributorsPoint({ contributors }: EvidencePayload): CardPoint {
  const { people, largestShare, conflicts, untrusted } = contributors
  return {
    title: 'Contributors',
    text: `${people === 1 ? '1 person' : `${people} people`}, the largest share ${percent(largestShare)}; ${counted(conflicts, 'conflict')}; ${counted(untrusted, 'correction')} that no reviewer stands behind.`,
  }
}

function guardsPoint({ guards }: EvidencePayload): CardPoint {
  const of = (light: GuardLight['light']) => guards.filter((each) => each.light === light)
  const told = [...of('red'), ...of('yellow')].map(({ guard, light, why }) => `${light} ${guard}: ${why}.`)
  const text = told.length === 0 ? 'None is red or yellow.' : told.join(' ')
  return { title: `Guards: ${of('green').length} of ${guards.length} green`, text }
}

/** @param pageOf the address of the page about a prediction, for those who may see it. */
export const cardPoints = (payload: EvidencePayload, pageOf: (prediction: string) => string): readonly CardPoint[] => [
  verdictPoint(payload),
  versionsPoint(payload),
  holdoutPoint(payload),
  replayPoint(payload),
  trafficPoint(payload),
  examplesPoint('Fixed', { compared: payload.fixed, count: payload.fixedCount }, pageOf),
  examplesPoint('Broke', { compared: payload.broke, count: payload.brokeCount }, pageOf),
  contributorsPoint(payload),
  guardsPoint(payload),
]
