import { Button, Checkbox, Flex, Text } from '@radix-ui/themes'
import { useState } from 'react'
import type { z } from 'zod'
import type { decided, DecisionRequest, EvidenceRow, RolloutDetail } from '../../../api/contract/rollouts.ts'
import { promotionOf } from '../../../domain/rollout/verdict.ts'
import { verdictWords } from '../../evidence/evidence-words.ts'
import { ReasonField } from '../../evidence/reason-dialog.tsx'
import { DoneNotice, ProblemNotice } from '../../frame/notices.tsx'
import { useDecide } from '../../operator/learning/rollout-queries.ts'

interface Decidable extends Pick<RolloutDetail, 'end' | 'stage' | 'held' | 'mayDecide'> {
  readonly evidence: Pick<EvidenceRow, 'expiresAt'> | null
}

/** Why nothing can be decided, in a sentence; `undefined` when this person may decide now. */
export function whyNot({ end, stage, held, evidence, mayDecide }: Decidable, now: number): string | undefined {
  if (end !== null) return 'This rollout has ended: nothing is left to decide.'
  if (stage === 'bake')
    return 'It is live: the decision was taken, and the guards still watch it. It can be taken back.'
  if (stage !== 'approval') return 'The decision is asked for when the canary has seen enough.'
  if (evidence === null) return 'The evidence is being gathered.'
  if (Date.parse(evidence.expiresAt) <= now)
    return held
      ? 'This card has expired. The version is on hold, so a new card takes its place.'
      : 'This card has expired without a decision, which ends the rollout.'
  return mayDecide.allowed || mayDecide.holdOrReject
    ? undefined
    : (mayDecide.why ?? 'You may not decide about this version.')
}

const done: Readonly<Record<DecisionRequest['decision'], string>> = {
  promote: 'Promoted: it goes live as soon as the serving set has changed.',
  hold: 'Held: it stays a canary, and the guards go on watching.',
  reject: 'Rejected: the champion stays.',
}

const doneWords = (state: z.infer<typeof decided>['state'], decision: DecisionRequest['decision']): string =>
  state === 'requested' ? 'Your decision was noted. It is carried out as soon as Temporal answers.' : done[decision]

const Override = ({
  verdict,
  checked,
  check,
}: {
  readonly verdict: string
  readonly checked: boolean
  readonly check: (wanted: boolean) => void
}) => (
  <Text as="label" size="2">
    <Flex gap="2">
      <Checkbox checked={checked} onCheckedChange={(wanted) => check(wanted === true)} />
      Promote although the verdict is “{verdict}”. My name and my reason are kept with it.
    </Flex>
  </Text>
)

interface ButtonsProps {
  readonly evidence: EvidenceRow
  readonly mayDecide: RolloutDetail['mayDecide']
  readonly decide: ReturnType<typeof useDecide>
}

function Buttons({ evidence, mayDecide, decide }: ButtonsProps) {
  const [reason, setReason] = useState('')
  const [override, setOverride] = useState(false)
  const { verdict } = evidence.payload.judgement
  const promotion = promotionOf(verdict)
  const send = (decision: DecisionRequest['decision']) =>
    decide.mutate({
      evidenceId: evidence.id,
      decision,
      reason: reason.trim(),
      ...(decision === 'promote' && promotion === 'override' && { override }),
    })
  const blocked = reason.trim() === '' || decide.isPending
  const mayPromote = mayDecide.allowed && (promotion === 'free' || (promotion === 'override' && override))
  return (
    <Flex direction="column" gap="3" maxWidth="620px">
      <ReasonField name="Reason" value={reason} change={setReason} />
      {promotion === 'override' && mayDecide.allowed && (
        <Override verdict={verdictWords[verdict]} checked={override} check={setOverride} />
      )}
      {!mayDecide.allowed && <Text size="2">You cannot promote it. {mayDecide.why}</Text>}
      <Flex gap="3" wrap="wrap">
        <Button color="green" disabled={blocked || !mayPromote} onClick={() => send('promote')}>
          Promote
        </Button>
        <Button variant="soft" color="gray" disabled={blocked} onClick={() => send('hold')}>
          Hold
        </Button>
        <Button variant="soft" color="red" disabled={blocked} onClick={() => send('reject')}>
          Reject
        </Button>
      </Flex>
      {reason.trim() === '' && (
        <Text size="2" color="gray">
          Give a reason first: it is kept with the decision.
        </Text>
      )}
    </Flex>
  )
}

/** Promote, hold or reject, with a reason; or why this person cannot now. */
export function DecidePanel({ rollout }: { readonly rollout: RolloutDetail }) {
  const decide = useDecide(rollout.bot, rollout.version)
  // The time of the first look is enough: an expired card is refused by the API whatever is shown.
  const [now] = useState(() => Date.now())
  const reason = whyNot(rollout, now)
  return (
    <Flex direction="column" gap="3">
      {reason === undefined && rollout.evidence ? (
        <Buttons key={rollout.evidence.id} evidence={rollout.evidence} mayDecide={rollout.mayDecide} decide={decide} />
      ) : (
        <Text as="p" size="2" role="status">
          {reason}
        </Text>
      )}
      {decide.isSuccess && <DoneNotice>{doneWords(decide.data.state, decide.variables.decision)}</DoneNotice>}
      {decide.error && <ProblemNotice error={decide.error} />}
    </Flex>
  )
}
