import { Flex, Heading, Skeleton } from '@radix-ui/themes'
import { Fragment } from 'react'
import type { ListedVersion } from '../../api/contract/versions.ts'
import { OneOrAll, useAddressField } from '../evidence/one-or-all.tsx'
import { Panel } from '../evidence/panel.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { useVersions } from '../operator/learning/version-queries.ts'
import { useBots } from '../operator/queries.ts'
import { ComparePicker } from './compare/compare-picker.tsx'
import { FamilyTree } from './family-tree.tsx'

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)]

function Families({ bot, versions }: { readonly bot: string; readonly versions: readonly ListedVersion[] }) {
  const slots = distinct(versions.map(({ slot }) => slot))
  return (
    <Panel id={`models-${bot}`} title={bot} actions={<ComparePicker bot={bot} versions={versions} />}>
      {slots.map((slot) => (
        <Fragment key={slot}>
          {slots.length > 1 && (
            <Heading as="h3" size="3">
              {slot}
            </Heading>
          )}
          <FamilyTree
            name={slots.length > 1 ? `Versions of ${bot}, ${slot}` : `Versions of ${bot}`}
            versions={versions.filter((each) => each.slot === slot)}
          />
        </Fragment>
      ))}
    </Panel>
  )
}

/** Every version of every bot, as families. */
export function ModelsPage() {
  const bots = useBots().data ?? []
  const [bot, setBot] = useAddressField('bot')
  const versions = useVersions(bot)
  return (
    <Page
      title="Models"
      actions={
        <OneOrAll
          name="Bot"
          all="All bots"
          value={bot}
          options={bots.map(({ name }) => [name, name])}
          choose={setBot}
        />
      }
    >
      <Loaded query={versions} skeleton={<Skeleton height="260px" />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="There is no version yet">
              The first version of a bot is trained on the first start, in about a minute.
            </EmptyState>
          ) : (
            <Flex direction="column" gap="4">
              {distinct(list.map((each) => each.bot)).map((name) => (
                <Families key={name} bot={name} versions={list.filter((each) => each.bot === name)} />
              ))}
            </Flex>
          )
        }
      </Loaded>
    </Page>
  )
}
