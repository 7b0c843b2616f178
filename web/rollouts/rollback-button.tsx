import { Button, Flex } from '@radix-ui/themes'
import type { RolloutDetail } from '../../api/contract/rollouts.ts'
import type { RolloutStage } from '../../domain/rollout/rollout.ts'
import { ReasonDialog } from '../evidence/reason-dialog.tsx'
import { DoneNotice } from '../frame/notices.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useRollback } from '../operator/learning/rollout-queries.ts'

/** Stages in which the version answers people or computes for them. */
const serving: readonly RolloutStage[] = ['shadow', 'canary', 'approval', 'bake', 'done']

/** Takes the version out at once; works also while Temporal is down. Only for who may. */
export function RollbackButton({
  rollout: { bot, version, champion, stage, end },
}: {
  readonly rollout: RolloutDetail
}) {
  const rollback = useRollback(bot)
  if (!may(useSignedIn(), bot, 'approver')) return null
  if (!serving.includes(stage) || (end !== null && end !== 'promoted')) return null
  const trigger = (
    <Button variant="soft" color="red">
      Roll back
    </Button>
  )
  return (
    <Flex direction="column" gap="2" align="end">
      <ReasonDialog
        trigger={trigger}
        title={`Take version ${version} out?`}
        words={`It answers nobody from then on, and version ${champion} is live. This works at once, also while Temporal is down.`}
        action="Roll back"
        change={rollback}
        act={(reason, done) => rollback.mutate({ version, reason }, { onSuccess: done })}
      />
      {rollback.isSuccess && <DoneNotice>It was taken out.</DoneNotice>}
    </Flex>
  )
}
