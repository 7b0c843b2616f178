import { Button, Flex } from '@radix-ui/themes'
import { useLocation } from 'wouter'
import { ProblemNotice } from '../frame/notices.tsx'
import { useSignedIn } from '../frame/session.ts'
import type { VersionDetail } from '../operator/learning/version-answers.ts'
import { useStartRollout } from '../operator/learning/rollout-queries.ts'
import { may } from '../operator/roles.ts'

/** Sends a version on its way; it still answers nobody until a person says yes. */
export function StartRollout({ detail: { bot, version, stage, rollout } }: { readonly detail: VersionDetail }) {
  const start = useStartRollout()
  const [, go] = useLocation()
  const isOnItsWay = rollout != null && rollout.end == null
  if (!may(useSignedIn(), bot, 'approver') || stage === 'live' || isOnItsWay) return null
  const act = () => start.mutate({ bot, version }, { onSuccess: () => go(`/rollouts/${bot}/${version}`) })
  return (
    <Flex direction="column" gap="2" align="end">
      <Button variant="soft" loading={start.isPending} onClick={act}>
        Start its rollout
      </Button>
      {start.error && <ProblemNotice error={start.error} />}
    </Flex>
  )
}
