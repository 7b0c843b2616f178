import { Theme } from '@radix-ui/themes'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { Route, Switch } from 'wouter'
import { ConversationPage } from './conversations/conversation-page.tsx'
import { ListPage } from './conversations/list-page.tsx'
import { AppearanceContext, useAppearanceChoice } from './frame/appearance.tsx'
import { Frame } from './frame/frame.tsx'
import { NotFoundPage } from './frame/not-found.tsx'
import { FindPage } from './home/find-page.tsx'
import { HomePage } from './home/home-page.tsx'
import { createQueryClient } from './operator/queries.ts'

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
