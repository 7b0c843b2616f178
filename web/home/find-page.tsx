import { Skeleton } from '@radix-ui/themes'
import { Redirect, useSearchParams } from 'wouter'
import { MessageList } from '../conversations/message-list.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { useBots, useFind } from '../operator/queries.ts'
import { FindBox } from './find-box.tsx'

const nothing = (
  <EmptyState title="Nothing was found">
    Known are links to posts and messages that a bot answered, their ids, and the ids of messages, predictions and
    workflows. Copy the whole link, and look whether it is of this installation.
  </EmptyState>
)

/** What a link or an id belongs to; a single conversation is opened at once. */
export function FindPage() {
  const [query] = useSearchParams()
  const wanted = query.get('q') ?? ''
  const found = useFind(wanted)
  const bots = useBots()
  const [only, ...others] = found.data ?? []
  if (only && others.length === 0) return <Redirect to={`/conversations/${only.id}`} replace />
  return (
    <Page title="Find">
      <FindBox key={wanted} given={wanted} />
      {wanted !== '' && (
        <Loaded query={found} skeleton={<Skeleton height="120px" />}>
          {(messages) => (messages.length === 0 ? nothing : <MessageList messages={messages} bots={bots.data ?? []} />)}
        </Loaded>
      )}
    </Page>
  )
}
