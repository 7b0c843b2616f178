import { Badge, Flex, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { ListedVersion } from '../../api/contract/versions.ts'
import type { Stage } from '../../domain/serving-set.ts'
import { endWords, stageWords } from '../evidence/evidence-words.ts'
import { Time } from '../frame/time.tsx'
import { percent, versionWords } from '../words.ts'
import { familyRows } from './versions.ts'

/** The name of a version's page. */
export const versionPath = (bot: string, version: number): string => `/models/${bot}/${version}`

const RolloutLink = ({ version: { bot, version, rollout } }: { readonly version: ListedVersion }) =>
  rollout && (
    <Link href={`/rollouts/${bot}/${version}`}>
      {rollout.end ? endWords(rollout.end).toLowerCase() : `rollout: ${stageWords(rollout.stage).toLowerCase()}`}
    </Link>
  )

/** A version that had its rollout and serves no more is retired; one that never had one is only recorded. */
function stageOf({ stage, rollout }: ListedVersion): Stage {
  const place = stage ?? 'recorded'
  return place === 'recorded' && rollout !== null && rollout.end !== null ? 'retired' : place
}

const stageColours: Readonly<Partial<Record<Stage, 'iris' | 'gray'>>> = {
  live: 'iris',
  retired: 'gray',
  recorded: 'gray',
}

export const StageBadges = ({ version }: { readonly version: ListedVersion }) => (
  <>
    <Badge color={stageColours[stageOf(version)] ?? 'blue'}>
      {stageWords(stageOf(version))}
      {version.stage === 'canary' && ` ${percent(version.weight)}`}
    </Badge>
    {version.aliases.map((alias) => (
      <Badge key={alias} color="green" variant="outline">
        {alias}
      </Badge>
    ))}
    {!version.warm && version.stage === 'live' && <Badge color="amber">not loaded</Badge>}
  </>
)

const Row = ({ version }: { readonly version: ListedVersion }) => (
  <Flex gap="3" align="center" wrap="wrap">
    <Text weight="medium">
      <Link href={versionPath(version.bot, version.version)}>{versionWords(version)}</Link>
    </Text>
    <StageBadges version={version} />
    <Text size="2" color="gray">
      {version.parent === null ? 'the first of its line' : `from version ${version.parent}`},{' '}
      <Time iso={version.createdAt} />
    </Text>
    <Text size="2">
      <RolloutLink version={version} />
    </Text>
  </Flex>
)

/** Deeper branches are drawn as deep as this. */
const deepest = 3

/** The versions of one slot as a tree: parents above their children, branches to the right. */
export const FamilyTree = ({
  name,
  versions,
}: {
  readonly name: string
  readonly versions: readonly ListedVersion[]
}) => (
  <ul className="plain tree" aria-label={name}>
    {familyRows(versions).map(({ version, depth }) => (
      <li key={version.version} className={`tree-${Math.min(depth, deepest)}`}>
        <Row version={version} />
      </li>
    ))}
  </ul>
)
