import { Badge, Code, Flex, Text } from '@radix-ui/themes'
import type { RolloutDetail, TakenDecision } from '../../../api/contract/rollouts.ts'
import { sentence, shortHash } from '../../evidence/evidence-words.ts'
import { Time } from '../../frame/time.tsx'

const words: Readonly<Record<TakenDecision['decision'], string>> = {
  promote: 'Promote',
  hold: 'Hold',
  reject: 'Reject',
}
const states: Readonly<Record<TakenDecision['state'], readonly [words: string, colour: 'blue' | 'green' | 'red']>> = {
  requested: ['on its way', 'blue'],
  applied: ['done', 'green'],
  refused: ['refused', 'red'],
}

const Decision = ({ decision }: { readonly decision: TakenDecision }) => {
  const [state, colour] = states[decision.state]
  return (
    <Flex direction="column" gap="1" asChild>
      <li>
        <Flex gap="2" align="center" wrap="wrap">
          <Text size="2" weight="medium">
            {words[decision.decision]}
          </Text>
          <Badge color={colour}>{state}</Badge>
          {decision.override && <Badge color="amber">override</Badge>}
          <Text size="2" color="gray">
            {decision.name}, <Time iso={decision.at} />
            {decision.evidenceHash && (
              <>
                , on evidence <Code>{shortHash(decision.evidenceHash)}</Code>
              </>
            )}
          </Text>
        </Flex>
        {decision.reason && (
          <Text as="p" size="2" className="said" dir="auto">
            {decision.reason}
          </Text>
        )}
        {decision.refusal && (
          <Text as="p" size="2" color="red">
            {sentence(decision.refusal)}
          </Text>
        )}
      </li>
    </Flex>
  )
}

/** Who decided what, when, and what became of it. */
export const DecisionsList = ({ decisions }: Pick<RolloutDetail, 'decisions'>) =>
  decisions.length === 0 ? (
    <Text size="2">Nobody has decided anything yet.</Text>
  ) : (
    <Flex direction="column" gap="3" asChild>
      <ul className="plain" aria-label="Decisions">
        {decisions.map((decision) => (
          <Decision key={`${decision.at} ${decision.decision}`} decision={decision} />
        ))}
      </ul>
    </Flex>
  )
