import { Button, Flex, Select, Table, Text } from '@radix-ui/themes'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { VersionDetail } from '../../../api/contract/versions.ts'
import { shortHash } from '../../evidence/evidence-words.ts'
import { Panel } from '../../evidence/panel.tsx'
import { ProblemNotice } from '../../frame/notices.tsx'
import { may, useSignedIn } from '../../frame/session.ts'
import { Time } from '../../frame/time.tsx'
import { useStartReplay } from '../../operator/learning/version-queries.ts'

const dayMs = 24 * 60 * 60 * 1000
const spans = [
  ['1', 'the last day'],
  ['7', 'the last 7 days'],
  ['30', 'the last 30 days'],
] as const

function StartReplay({ detail: { bot, version } }: { readonly detail: VersionDetail }) {
  const start = useStartReplay()
  const [days, setDays] = useState('7')
  const [, go] = useLocation()
  if (!may(useSignedIn(), bot, 'reviewer')) return null
  const act = () => {
    const since = new Date(Date.now() - Number(days) * dayMs).toISOString()
    start.mutate({ bot, version, since }, { onSuccess: ({ id }) => go(`/replays/${id}`) })
  }
  return (
    <Flex direction="column" gap="3">
      <Flex gap="2" align="center" wrap="wrap">
        <Select.Root value={days} onValueChange={setDays}>
          <Select.Trigger aria-label="Replay which requests" />
          <Select.Content position="popper">
            {spans.map(([value, words]) => (
              <Select.Item key={value} value={value}>
                {words}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
        <Button variant="soft" loading={start.isPending} onClick={act}>
          Start a replay
        </Button>
      </Flex>
      {start.error && <ProblemNotice error={start.error} />}
    </Flex>
  )
}

const ReplayTable = ({ replays }: Pick<VersionDetail, 'replays'>) => (
  <Table.Root size="1" variant="surface" role="group" aria-label="Replays">
    <Table.Header>
      <Table.Row>
        <Table.ColumnHeaderCell>When</Table.ColumnHeaderCell>
        <Table.ColumnHeaderCell>Beside</Table.ColumnHeaderCell>
        <Table.ColumnHeaderCell>Verdict</Table.ColumnHeaderCell>
        <Table.ColumnHeaderCell>Report</Table.ColumnHeaderCell>
      </Table.Row>
    </Table.Header>
    <Table.Body>
      {replays.map((replay) => (
        <Table.Row key={replay.id}>
          <Table.RowHeaderCell>
            <Time iso={replay.createdAt} />
          </Table.RowHeaderCell>
          <Table.Cell>version {replay.against}</Table.Cell>
          <Table.Cell>{replay.verdict.replace('_', ' ')}</Table.Cell>
          <Table.Cell>
            <Link href={`/replays/${replay.id}`}>{shortHash(replay.hash)}</Link>
          </Table.Cell>
        </Table.Row>
      ))}
    </Table.Body>
  </Table.Root>
)

/** What the version would have said to recorded requests: the reports there are, and a new one. */
export const ReplayPanel = ({ detail }: { readonly detail: VersionDetail }) => (
  <Panel id="replays" title="Replays">
    <Text as="p" size="2" color="gray">
      A replay plays recorded requests to this version and to the champion: what it would have said last week.
    </Text>
    <StartReplay detail={detail} />
    {detail.replays.length === 0 ? (
      <Text size="2">There is no report yet.</Text>
    ) : (
      <ReplayTable replays={detail.replays} />
    )}
  </Panel>
)
