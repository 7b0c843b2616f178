import { accuracyChange, agreementOf } from '../../domain/rollout/statistics/accuracy-change.ts'
import { errorBound } from '../../domain/rollout/statistics/e-value.ts'
import type { Compared, EvidencePayload, Holdout } from '../../domain/rollout/evidence.ts'
import { heldSummary } from '../../domain/rollout/held-summary.ts'
import type { ReplayReport } from '../../domain/rollout/replay.ts'
import { sampleRatioP } from '../../domain/rollout/statistics/sample-ratio.ts'
import type { Db } from '../../store/db.ts'
import { contributionsTo, newPredictionsOf } from '../../store/rollouts/evidence/contributors.ts'
import { evidenceFacts } from '../../store/rollouts/evidence/evidence-facts.ts'
import { keepEvidence } from '../../store/rollouts/evidence/evidence.ts'
import type { RolloutRef, WrittenEvidence } from '../rollout-contract.ts'
import type { WatchDeps } from './watch-rollout.ts'
import { type Look, lookAt } from '../../store/rollouts/look.ts'
import { rolloutReplay } from '../../store/rollouts/replays/replay-reports.ts'
import { rolloutOf, type StoredRollout } from '../../store/rollouts/rollouts.ts'

const mostExamples = 5

const summariesOf = ({ champion, challenger, labels }: Holdout) => ({
  champion: heldSummary(champion, labels),
  challenger: heldSummary(challenger, labels),
})

async function lineageOf(
  db: Db,
  rollout: StoredRollout,
): Promise<Pick<EvidencePayload, 'lineage' | 'gates' | 'contributors'> & Partial<Pick<EvidencePayload, 'holdout'>>> {
  const { parent, lineage, gates, holdout, ...made } = await evidenceFacts(db, rollout)
  const { corrections, ...contributors } = await contributionsTo(db, rollout)
  return {
    lineage: {
      champion: rollout.champion,
      parent,
      mode: rollout.mode,
      retrain: lineage.retrain === undefined ? null : String(lineage.retrain),
      trigger: lineage.reason ?? 'person',
      author: lineage.author ?? null,
      ...made,
      newCorrections: corrections,
      newPredictions: await newPredictionsOf(db, rollout),
      seed: lineage.seed ?? 0,
      trainerVersion: lineage.trainerVersion ?? 'unknown',
      codeFingerprint: lineage.codeFingerprint ?? null,
    },
    gates,
    contributors,
    ...(holdout !== undefined && { holdout: { ...holdout, summaries: summariesOf(holdout) } }),
  }
}

function trafficOf({ numbers, step }: StoredRollout, { window, ...look }: Look): EvidencePayload['traffic'] {
  const { version, champion, assigned } = window
  return {
    seen: look.seen,
    share: assigned === undefined ? 0 : (numbers.canary[step]?.weight ?? 0),
    sampleRatioP: assigned === undefined ? null : sampleRatioP(assigned.canary, assigned.control, assigned.share),
    pairs: look.pairs,
    eValue: look.eValue,
    agreement: agreementOf(window),
    accuracyChange: accuracyChange(window, look.pairs),
    deadlineMisses: version.deadlineMisses,
    p50Ms: version.p50Ms,
    p95Ms: version.p95Ms,
    championP95Ms: champion.p95Ms,
    errorBound: errorBound(version.errors, version.requests),
  }
}

const replayOf = (report: ReplayReport | undefined): Partial<Pick<EvidencePayload, 'replay'>> =>
  report === undefined || report.requests === 0
    ? {}
    : {
        replay: {
          requests: report.requests,
          from: report.from,
          to: report.to,
          agreement: report.agreement,
          noiseFloor: report.noiseFloor,
          errors: report.errors,
          reportHash: report.hash,
        },
      }

/** Live examples first; one that was replayed too is told once. */
function examplesOf(live: readonly Compared[], replayed: readonly Compared[]): readonly Compared[] {
  const known = new Set(live.map(({ prediction }) => prediction))
  return [...live, ...replayed.filter(({ prediction }) => !known.has(prediction))]
}

function comparedOf(
  { disagreements }: Look,
  report: ReplayReport | undefined,
): Pick<EvidencePayload, 'fixed' | 'broke' | 'fixedCount' | 'brokeCount'> {
  const right = disagreements.filter(({ challenger, truth }) => challenger === truth)
  const wrong = disagreements.filter(({ champion, truth }) => champion === truth)
  const [fixed, broke] = [examplesOf(right, report?.fixed ?? []), examplesOf(wrong, report?.broke ?? [])]
  return {
    fixed: fixed.slice(0, mostExamples),
    broke: broke.slice(0, mostExamples),
    fixedCount: fixed.length,
    brokeCount: broke.length,
  }
}

/** `writeEvidence`: everything an approver sees, frozen when it says something new. */
export const createWriteEvidence =
  ({ db, at }: Pick<WatchDeps, 'db' | 'at'>) =>
  async ({ bot, version }: RolloutRef): Promise<WrittenEvidence> => {
    const rollout = await rolloutOf(db, { bot, version })
    if (rollout === undefined) throw new Error('evidence needs a rollout')
    const look = await lookAt(db, rollout)
    const report = (await rolloutReplay(db, rollout))?.report
    const payload: EvidencePayload = {
      bot,
      version,
      judgement: look.judgement,
      ...(await lineageOf(db, rollout)),
      ...replayOf(report),
      traffic: trafficOf(rollout, look),
      ...comparedOf(look, report),
      guards: look.lights,
      demo: rollout.numbers.demo,
    }
    const evidence = await keepEvidence(db, payload, { goodForMs: rollout.numbers.approvalWithinMs })
    await at('rollout.afterEvidence')
    return {
      evidenceId: evidence.id,
      verdict: evidence.payload.judgement.verdict,
      expiresAt: evidence.expiresAt.getTime(),
    }
  }
