import { Button, Flex } from '@radix-ui/themes'
import { useLocation } from 'wouter'
import type { VersionDetail } from '../../api/contract/versions.ts'
import { ProblemNotice } from '../frame/notices.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useStartRollout } from '../operator/learning/rollout-queries.ts'
import { useBots } from '../operator/queries.ts'
import { mayStart } from './versions.ts'

/** Sends a version that has had no rollout on its way; it still answers nobody until a person says yes. */
export function StartRollout({ detail }: { readonly detail: VersionDetail }) {
  const { bot, version } = detail
  const serving = useBots().data?.find(({ name }) => name === bot)?.versions
  const start = useStartRollout()
  const [, go] = useLocation()
  const session = useSignedIn()
  if (serving === undefined || !may(session, bot, 'approver') || !mayStart(detail, serving)) return null
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
