import { Link } from 'wouter'
import { EmptyState } from './notices.tsx'
import { Page } from './page.tsx'

export const NotFoundPage = () => (
  <Page title="There is no such page">
    <EmptyState title="Nothing is at this address">
      Go <Link href="/">home</Link>, or look at the <Link href="/conversations">conversations</Link>.
    </EmptyState>
  </Page>
)
