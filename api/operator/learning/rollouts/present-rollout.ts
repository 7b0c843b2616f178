import { rolloutWorkflowId } from '../../../../domain/keys.ts'
import type { RolloutEvent, StoredRollout } from '../../../../store/rollouts/rollouts.ts'
import type { OperatorDeps } from '../../context.ts'
import { workflowUrl } from '../../present.ts'
import type { RolloutFacts, RolloutLook } from './rollout-facts.ts'
import { withInputs } from '../present.ts'

/** A rollout as lists show it. */
export const presentRollout = ({ rollout, ...look }: RolloutLook & { readonly rollout: StoredRollout }) => {
  const { bot, version, slot, champion, mode, stage, step, numbers, held } = rollout
  return {
    ...{ bot, version, slot, champion, mode, stage, step, numbers, held },
    end: rollout.end ?? null,
    reason: rollout.reason ?? null,
    startedAt: rollout.startedAt.toISOString(),
    stageSince: rollout.stageSince.toISOString(),
    endedAt: rollout.endedAt?.toISOString() ?? null,
    ...{ judgement: look.judgement, lights: look.lights, pairs: look.pairs, eValue: look.eValue },
    ...{ seen: look.seen, wanted: look.wanted },
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number'

/** The e-value after each label that was looked at, from what the watch noted. */
function curveOf(events: readonly RolloutEvent[]) {
  const points = events.flatMap(({ at, kind, detail }) => {
    const { wins, losses, eValue } = detail
    if (kind !== 'judged' || !isNumber(wins) || !isNumber(losses) || !isNumber(eValue)) return []
    return [{ at: at.toISOString(), wins, losses, eValue }]
  })
  return points.filter(({ wins, losses }, index) => {
    const before = points[index - 1]
    return before?.wins !== wins || before.losses !== losses
  })
}

const evidenceOf = ({ evidence }: RolloutFacts) =>
  evidence === undefined
    ? null
    : {
        ...{ id: evidence.id, hash: evidence.hash, payload: evidence.payload },
        verdict: evidence.payload.judgement.verdict,
        createdAt: evidence.createdAt.toISOString(),
        expiresAt: evidence.expiresAt.toISOString(),
      }

/** A rollout with everything that is told of it. */
export async function presentFacts(deps: OperatorDeps, facts: RolloutFacts) {
  const { rollout, events, evidence, decisions, refusals } = facts
  const [fixed = [], broke = []] = await withInputs(
    deps.db,
    rollout.bot,
    evidence?.payload.fixed ?? [],
    evidence?.payload.broke ?? [],
  )
  return {
    ...presentRollout(facts),
    events: events
      .filter(({ kind }) => kind !== 'judged')
      .map(({ at, kind, detail }) => ({ at: at.toISOString(), kind, detail: { ...detail } })),
    eValueCurve: curveOf(events),
    evidence: evidenceOf(facts),
    examples: { fixed, broke },
    decisions: decisions.map((each) => ({ ...each, at: each.at.toISOString() })),
    author: facts.author ?? null,
    mayDecide: {
      allowed: refusals.promote === undefined,
      why: refusals.promote ?? null,
      holdOrReject: refusals.reject === undefined,
    },
    workflowUrl: workflowUrl(deps, rolloutWorkflowId(rollout.bot, rollout.version)),
  }
}
