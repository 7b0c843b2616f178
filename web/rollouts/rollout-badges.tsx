import { Badge } from '@radix-ui/themes'
import type { ListedRollout } from '../../api/contract/rollouts.ts'
import { endWords, stageWords } from '../evidence/evidence-words.ts'
import { VerdictBadge } from '../evidence/verdicts.tsx'

const stageColour = ({ stage, end }: ListedRollout) => {
  if (end === 'promoted') return 'green'
  if (end !== null) return 'red'
  return stage === 'approval' ? 'amber' : 'blue'
}

/** Where a rollout is, what the evidence says, and whether its thresholds are those of a demonstration. */
export const RolloutBadges = ({ rollout }: { readonly rollout: ListedRollout }) => (
  <>
    <Badge color={stageColour(rollout)}>
      {rollout.end === null ? stageWords(rollout.stage) : endWords(rollout.end)}
    </Badge>
    {rollout.judgement && rollout.end === null && <VerdictBadge verdict={rollout.judgement.verdict} />}
    {rollout.numbers.demo && <Badge color="amber">Demonstration</Badge>}
  </>
)
