import { Box, Flex, Grid, Heading, Skeleton, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { LabelWords } from '../../../api/contract/values.ts'
import type { Comparison } from '../../../api/contract/versions.ts'
import { ComparedList } from '../../evidence/compared-list.tsx'
import { Panel } from '../../evidence/panel.tsx'
import { Icon } from '../../frame/icons.tsx'
import { Loaded } from '../../frame/loaded.tsx'
import { Page } from '../../frame/page.tsx'
import { useComparison } from '../../operator/learning/version-queries.ts'
import { useBots } from '../../operator/queries.ts'
import { percent } from '../../words.ts'
import { ConfusionTable } from '../confusion-table.tsx'
import { versionPath } from '../family-tree.tsx'
import { FiguresLine } from '../version-figures.tsx'

interface Pair {
  readonly bot: string
  readonly version: number
  readonly other: number
}

const Side = ({
  name,
  figures,
  ids,
  labels,
}: {
  readonly name: string
  readonly figures: Comparison['champion']
  readonly ids: readonly string[]
  readonly labels: readonly LabelWords[]
}) => (
  <Flex direction="column" gap="3" minWidth="0">
    <Heading as="h3" size="3">
      {name}
    </Heading>
    {figures ? (
      <>
        <FiguresLine figures={figures} />
        <Box className="wide">
          <ConfusionTable figures={figures} ids={ids} labels={labels} name={`Confusion matrix of ${name}`} />
        </Box>
      </>
    ) : (
      <Text size="2">It cannot be judged on these examples.</Text>
    )}
  </Flex>
)

function Sides({ comparison, bot, version, other }: Pair & { readonly comparison: Comparison }) {
  const labels = useBots().data?.find(({ name }) => name === bot)?.labels ?? []
  const { labels: ids, fixed, broke, fixedCount, brokeCount, agreement } = comparison
  return (
    <>
      <Panel id="sides" title="Side by side on the same inputs">
        {agreement !== null && (
          <Text as="p">
            Of the requests that both answered they say the same in {percent(agreement)}. Requests and held-out examples
            together, version {version} fixes {fixedCount} and breaks {brokeCount}.
          </Text>
        )}
        <Grid columns={{ initial: '1', md: '2' }} gap="5">
          <Side name={`Version ${version}`} figures={comparison.challenger} ids={ids} labels={labels} />
          <Side name={`Version ${other}`} figures={comparison.champion} ids={ids} labels={labels} />
        </Grid>
      </Panel>
      <Panel id="fixed" title={`Fixed: ${fixedCount}`}>
        <ComparedList name="Fixed" items={fixed} labels={labels} none="It fixes nothing that the other gets wrong." />
      </Panel>
      <Panel id="broke" title={`Broke: ${brokeCount}`}>
        <ComparedList name="Broke" items={broke} labels={labels} none="It breaks nothing that the other gets right." />
      </Panel>
    </>
  )
}

/** Any two versions side by side. The first is called the challenger, the second the champion. */
export function ComparePage({ bot, version, other }: Pair) {
  const comparison = useComparison(bot, version, other)
  const back = (
    <Link href={versionPath(bot, version)} className="back">
      <Icon name="back" size={16} /> Version {version}
    </Link>
  )
  return (
    <Page title={`${bot}: version ${version} beside version ${other}`} actions={back}>
      <Loaded query={comparison} skeleton={<Skeleton height="420px" />}>
        {(data) => <Sides comparison={data} bot={bot} version={version} other={other} />}
      </Loaded>
    </Page>
  )
}
