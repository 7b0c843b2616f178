import { Grid, Skeleton, Text } from '@radix-ui/themes'
import { EmptyState } from '../frame/notices.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useBots } from '../operator/queries.ts'
import { BotCard } from './bot-card.tsx'
import { FindBox } from './find-box.tsx'

const columns = { initial: '1', md: '2' } as const

const waiting = (
  <Grid columns={columns} gap="4">
    {['first', 'second'].map((each) => (
      <Skeleton key={each} height="330px" />
    ))}
  </Grid>
)

/** Every bot at a glance, and the box that finds anything by its link or id. */
export function HomePage() {
  const bots = useBots()
  return (
    <Page title="Home">
      <FindBox />
      <Loaded query={bots} skeleton={waiting}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="There is no bot yet">
              <Text>A bot is a folder in bots/ with a bot.yaml. Add one, and start Understudy again.</Text>
            </EmptyState>
          ) : (
            <Grid columns={columns} gap="4">
              {list.map((bot) => (
                <BotCard key={bot.name} bot={bot} />
              ))}
            </Grid>
          )
        }
      </Loaded>
    </Page>
  )
}
