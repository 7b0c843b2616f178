import { Button, Checkbox, Flex, Text } from '@radix-ui/themes'
import { useState } from 'react'
import { ReasonField } from '../../evidence/reason-dialog.tsx'
import { verdictWords } from '../../evidence/evidence-words.ts'
import { DoneNotice, ProblemNotice } from '../../frame/notices.tsx'
import type { EvidenceRow, RolloutDetail } from '../../operator/learning/rollout-answers.ts'
import { useDecide } from '../../operator/learning/rollout-queries.ts'
import type { WantedDecision } from '../../operator/learning/rollout-queries.ts'
import { promotionOf, whyNot } from './may-promote.ts'

const done: Readonly<Record<string, string>> = {
  promote: 'Promoted: it goes live as soon as the serving set has changed.',
  hold: 'Held: it stays a canary, and the guards go on watching.',
  reject: 'Rejected: the champion stays.',
}

function doneWords(state: string, decision: string): string {
  if (state === 'requested') return 'Your decision was noted. It is carried out as soon as Temporal answers.'
  if (state === 'refused') return 'It was refused; the reason is in the list of decisions.'
  return done[decision] ?? 'It was noted.'
}

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
  const send = (decision: WantedDecision['decision']) =>
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
