import type { BotLearning, Retrain } from '../../api/contract/learning.ts'
import type { ReplayReport } from '../../api/contract/replays.ts'
import type { ListedRollout, RolloutDetail } from '../../api/contract/rollouts.ts'
import type { ListedVersion } from '../../api/contract/versions.ts'
import { rolloutDetail } from '../../test/browser/learning/records/rollouts.ts'
import { report } from '../../test/browser/learning/records/versions.ts'

/* Answers of the operator API about learning and rollouts, as samples for tests; the long ones are those of the pages' tests, with changes. */

export const hash = 'ab'.repeat(32)
export const evidenceId = '7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d'

/** One that waits for its approval. */
const waiting = {
  ...{
    bot: 'fedora-finder',
    version: 4,
    slot: 'main',
    champion: 3,
    stage: 'approval',
    step: 1,
    end: null,
    reason: null,
  },
  judgement: { verdict: 'pass', why: 'It was right in 8 and wrong in 0.', next: 'A red guard.' },
  lights: [{ guard: 'latency', light: 'yellow', why: 'p95 70 ms beside 31 ms' }],
  ...{ pairs: { wins: 8, losses: 0, neither: 0 }, eValue: 28.4, seen: 60, wanted: 0 },
} as const satisfies Partial<ListedRollout>

const whole = rolloutDetail('pass')
export const rollout: RolloutDetail = {
  ...whole,
  ...waiting,
  evidence: whole.evidence && { ...whole.evidence, id: evidenceId, hash },
}

export const reportWith = (changes: Partial<ReplayReport>): ReplayReport => ({ ...report, ...changes })

export const version = (bot: string, number: number, parent: number | null): ListedVersion => ({
  ...{ bot, version: number, slot: 'main', parent, stage: null, aliases: [], createdAt: '2026-01-01T00:00:00Z' },
  ...{ labels: ['fedora', 'no-fedora'], datasetRoot: hash, weightsSha256: hash, lineage: null, weight: 0 },
  ...{ warm: true, rollout: null },
})

export const retrainWith = (changes: Partial<Retrain>): Retrain => ({
  ...{ number: 1, reason: 'demo', state: 'succeeded', outcome: null, datasetRoot: hash, slots: [] },
  ...{ startedAt: '2026-01-01T00:00:00Z', finishedAt: null, workflowUrl: 'http://127.0.0.1:8233/retrain' },
  ...changes,
})

export const learningWith = (changes: Partial<BotLearning>): BotLearning => ({
  bot: 'fedora-finder',
  status: {
    ...{ bot: 'fedora-finder', accepted: 7, wanted: 20, usable: 7, people: 2, peopleWanted: 3 },
    ...{ largestShare: 0.4, reviewersBatch: false, nextNumber: 2 },
  },
  ...{ wait: null, schedule: null, scheduleKnown: true, retrains: [], correctionToLiveMedianMs: null },
  ...changes,
})
