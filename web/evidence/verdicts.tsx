import { Badge, Flex, Table, Text } from '@radix-ui/themes'
import type { Gate, Light } from '../../api/contract/judgement.ts'
import type { Judgement, Verdict } from '../../domain/rollout/verdict.ts'
import {
  gateWords,
  guardWords,
  lightLamps,
  lightWords,
  sentence,
  verdictColours,
  verdictWords,
} from './evidence-words.ts'

export const VerdictBadge = ({ verdict, size = '1' }: { readonly verdict: Verdict; readonly size?: '1' | '3' }) => (
  <Badge color={verdictColours[verdict]} size={size}>
    {verdictWords[verdict]}
  </Badge>
)

/** The verdict, the one sentence why, and what would change it. */
export const JudgementView = ({ judgement }: { readonly judgement: Judgement }) => (
  <Flex direction="column" gap="2" role="status">
    <Flex gap="3" align="center" wrap="wrap">
      <VerdictBadge verdict={judgement.verdict} size="3" />
      <Text weight="medium">{sentence(judgement.why)}</Text>
    </Flex>
    <Text as="p" size="2" color="gray">
      What would change it: {sentence(judgement.next)}
    </Text>
  </Flex>
)

/** The gates before any traffic, each with its sentence. */
export function GateTable({ gates }: { readonly gates: readonly Gate[] }) {
  if (gates.length === 0)
    return (
      <Text as="p" size="2" color="gray">
        No gate has judged it.
      </Text>
    )
  return (
    <Table.Root size="1" variant="surface" role="group" aria-label="Gates" className="stacked">
      <Table.Header>
        <Table.Row>
          <Table.ColumnHeaderCell>Gate</Table.ColumnHeaderCell>
          <Table.ColumnHeaderCell>Verdict</Table.ColumnHeaderCell>
          <Table.ColumnHeaderCell>Why</Table.ColumnHeaderCell>
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {gates.map(({ gate, verdict, why }) => (
          <Table.Row key={gate}>
            <Table.RowHeaderCell>{gateWords[gate]}</Table.RowHeaderCell>
            <Table.Cell>
              <VerdictBadge verdict={verdict} />
            </Table.Cell>
            <Table.Cell>{sentence(why)}</Table.Cell>
          </Table.Row>
        ))}
      </Table.Body>
    </Table.Root>
  )
}

/** The guards' lights; the colour alone never says it. */
export const GuardLights = ({ lights }: { readonly lights: readonly Light[] }) => (
  <ul className="plain lights" aria-label="Guards">
    {lights.map(({ guard, light, why }) => (
      <li key={guard}>
        <Flex gap="2" align="baseline">
          <span className={lightLamps[light]} aria-hidden="true" />
          <Text size="2">
            <strong>{guardWords[guard]}</strong>
            <Text color="gray">
              {' '}
              ({lightWords[light]}): {sentence(why)}
            </Text>
          </Text>
        </Flex>
      </li>
    ))}
  </ul>
)
