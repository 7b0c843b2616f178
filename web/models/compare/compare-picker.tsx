import { Button, Flex, Select, Text } from '@radix-ui/themes'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ListedVersion } from '../../../api/contract/versions.ts'
import { versionWords } from '../../words.ts'

const VersionSelect = ({
  name,
  value,
  versions,
  choose,
}: {
  readonly name: string
  readonly value: string
  readonly versions: readonly ListedVersion[]
  readonly choose: (version: string) => void
}) => (
  <Select.Root value={value} onValueChange={choose}>
    <Select.Trigger aria-label={name} />
    <Select.Content position="popper">
      {versions.map((each) => (
        <Select.Item key={each.version} value={String(each.version)}>
          {versionWords(each)}
        </Select.Item>
      ))}
    </Select.Content>
  </Select.Root>
)

/** Chooses any two versions of a bot; the newest and its parent at first. */
export function ComparePicker({
  bot,
  versions,
}: {
  readonly bot: string
  readonly versions: readonly ListedVersion[]
}) {
  const newest = versions.toSorted((one, other) => other.version - one.version)
  const first = newest[0]
  const [one, setOne] = useState('')
  const [other, setOther] = useState('')
  if (first === undefined || newest.length < 2) return null
  const challenger = one || String(first.version)
  const champion =
    other || String(newest.find(({ version }) => version === first.parent)?.version ?? newest[1]?.version ?? '')
  return (
    <Flex gap="2" align="center" wrap="wrap" role="group" aria-label={`Compare two versions of ${bot}`}>
      <VersionSelect name="Challenger" value={challenger} versions={newest} choose={setOne} />
      <Text size="2" color="gray">
        beside
      </Text>
      <VersionSelect name="Champion" value={champion} versions={newest} choose={setOther} />
      {challenger === champion ? (
        <Button size="2" variant="soft" disabled>
          Compare
        </Button>
      ) : (
        <Button size="2" variant="soft" asChild>
          <Link href={`/models/${bot}/${challenger}/compare/${champion}`}>Compare</Link>
        </Button>
      )}
    </Flex>
  )
}
