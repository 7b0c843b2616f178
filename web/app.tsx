import { Theme } from '@radix-ui/themes'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, Route, Switch } from 'wouter'
import { ConversationPage } from './conversations/conversation-page.tsx'
import { ListPage } from './conversations/list-page.tsx'
import { CorrectionsPage } from './corrections/corrections-page.tsx'
import { AppearanceContext, useAppearanceChoice } from './frame/appearance.tsx'
import { Frame } from './frame/frame.tsx'
import { EmptyState } from './frame/notices.tsx'
import { Page } from './frame/page.tsx'
import { FindPage } from './home/find-page.tsx'
import { HomePage } from './home/home-page.tsx'
import { LabelPage } from './label/label-page.tsx'
import { ComparePage } from './models/compare/compare-page.tsx'
import { ModelsPage } from './models/models-page.tsx'
import { ReplayPage } from './models/replay/replay-page.tsx'
import { VersionPage } from './models/version-page.tsx'
import { createQueryClient } from './operator/queries.ts'
import { RolloutPage } from './rollouts/rollout-page.tsx'
import { RolloutsPage } from './rollouts/rollouts-page.tsx'
import { SchedulesPage } from './schedules/schedules-page.tsx'

/** Rollouts, models and the like are addressed by bot and number; another number is no page. */
const numberOf = (text: string): number => (/^\d{1,9}$/u.test(text) ? Number(text) : 0)

const modelRoutes = [
  <Route key="compare" path="/models/:bot/:version/compare/:other">
    {({ bot, version, other }) => (
      <ComparePage key={`${bot} ${version} ${other}`} bot={bot} version={numberOf(version)} other={numberOf(other)} />
    )}
  </Route>,
  <Route key="version" path="/models/:bot/:version">
    {({ bot, version }) => <VersionPage key={`${bot} ${version}`} bot={bot} version={numberOf(version)} />}
  </Route>,
  <Route key="rollout" path="/rollouts/:bot/:version">
    {({ bot, version }) => <RolloutPage key={`${bot} ${version}`} bot={bot} version={numberOf(version)} />}
  </Route>,
  <Route key="replay" path="/replays/:id">
    {({ id }) => <ReplayPage key={id} id={id} />}
  </Route>,
]

const pages = [
  ['/corrections', CorrectionsPage],
  ['/label', LabelPage],
  ['/models', ModelsPage],
  ['/rollouts', RolloutsPage],
  ['/schedules', SchedulesPage],
] as const

const NotFoundPage = () => (
  <Page title="There is no such page">
    <EmptyState title="Nothing is at this address">
      Go <Link href="/">home</Link>, or look at the <Link href="/conversations">conversations</Link>.
    </EmptyState>
  </Page>
)

/** Every page and its address; later pages join here and in the frame's navigation. */
const Pages = () => (
  <Switch>
    <Route path="/">
      <HomePage />
    </Route>
    <Route path="/find">
      <FindPage />
    </Route>
    <Route path="/conversations">
      <ListPage />
    </Route>
    <Route path="/conversations/:id">{({ id }) => <ConversationPage key={id} id={id} />}</Route>
    {pages.map(([path, component]) => (
      <Route key={path} path={path} component={component} />
    ))}
    {modelRoutes}
    <Route>
      <NotFoundPage />
    </Route>
  </Switch>
)

export function App() {
  const [client] = useState(createQueryClient)
  const appearance = useAppearanceChoice()
  return (
    <Theme appearance={appearance.shown} accentColor="iris" grayColor="slate" radius="large">
      <AppearanceContext value={appearance}>
        <QueryClientProvider client={client}>
          <Frame>
            <Pages />
          </Frame>
        </QueryClientProvider>
      </AppearanceContext>
    </Theme>
  )
}
