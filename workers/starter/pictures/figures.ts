import type { Figures } from '../../../domain/model/evaluation.ts'
import type { CurvePoint } from '../../../models/evaluation/risk-coverage.ts'
import { askedUnder, figuresTogether } from '../../../models/families/picture-classifier/together.ts'
import type { VersionFiles } from '../../../models/files.ts'

const round = (value: number): number => Math.round(value * 1e3) / 1e3
const short = ({ count, auc, balancedAccuracy, accuracy, majorityRate, ece }: Figures) => ({
  count,
  auc: auc[0] == null ? null : round(auc[0]),
  balancedAccuracy: round(balancedAccuracy),
  accuracy: round(accuracy),
  majorityRate: round(majorityRate),
  ece: round(ece),
})

const shortPoint = ({ confidence, share, error }: CurvePoint) => ({
  confidence: round(confidence),
  share: round(share),
  error: error === null ? null : round(error),
})

/**
 * Figures of a bot's starter versions on vendors that were left out, and of their average, per vendor and over all; and whom
 * it would ask: the confidence under which the least sure answers lie, and what the bot's own `unsureBelow` comes to.
 */
export function figuresOfBot(versions: ReadonlyMap<string, VersionFiles>, unsureBelow: number) {
  const { answers, labels } = figuresTogether(versions)
  const asked = askedUnder(versions, unsureBelow)
  const told = versions.size === 1 ? answers.slice(0, 1) : answers
  const entries = told.map(({ name, vendors, pooled, unsure }) => {
    const each = vendors.map((figures) => [figures.vendor, short(figures)] as const)
    const own = asked.get(name)
    const asks = {
      atMost: unsure.share,
      below: round(unsure.confidence),
      ...(own && { bot: shortPoint(own) }),
      curve: unsure.curve.map(shortPoint),
    }
    return [name, { ...Object.fromEntries(each), all: short(pooled), asks }] as const
  })
  return { aucOf: labels[0], ...Object.fromEntries(entries) }
}
