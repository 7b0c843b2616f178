import { rolloutWorkflowId } from '../domain/keys.ts'
import { appendAudit } from '../store/audit.ts'
import { rolloutOf } from '../store/rollouts/rollouts.ts'
import { servingSetOf } from '../store/versions/serving-sets.ts'
import { versionsOf } from '../store/versions/versions.ts'
import { type Asked, type NotDone, type OperationContext, withTemporal } from './operation.ts'

interface StartRollout extends Asked {
  readonly bot: string
  readonly version: number
  readonly demo: boolean
}

export type RolloutStarted =
  | { readonly kind: 'started'; readonly workflowId: string }
  /** `known`: it is in its rollout, or had one. */
  | { readonly kind: 'unknown' | 'known' | 'live' | 'baseline' }

/** Starts the rollout of a registered version. */
export const startRollout = (context: OperationContext, asked: StartRollout): Promise<RolloutStarted | NotDone> => {
  const { db } = context
  const { actor, bot, version, demo } = asked
  return withTemporal<RolloutStarted>(context, { name: 'start-rollout', role: 'approver' }, asked, {
    act: async (temporal) => {
      if (!(await versionsOf(db, bot)).some((one) => one.version === version)) return { kind: 'unknown' }
      if ((await rolloutOf(db, { bot, version })) !== undefined) return { kind: 'known' }
      const members = (await servingSetOf(db, bot))?.members.filter((member) => member.version === version) ?? []
      if (members.some(({ stage }) => stage === 'live')) return { kind: 'live' }
      if (members.some(({ baseline }) => baseline)) return { kind: 'baseline' }
      const started = await temporal.startRollout({ bot, version, demo })
      return started === 'started' ? { kind: started, workflowId: rolloutWorkflowId(bot, version) } : { kind: started }
    },
    keep: async (trx, { kind }) => {
      const entry = { actor: actor.id, action: 'rollout.requested', subject: `${bot}:${version}`, details: { demo } }
      if (kind === 'started') await appendAudit(trx, entry)
    },
  })
}
