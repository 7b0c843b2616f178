import { Button, Flex, Link as Anchor, Skeleton } from '@radix-ui/themes'
import { useCallback, useEffect, useRef } from 'react'
import { useSearchParams } from 'wouter'
import type { BotState } from '../../api/contract/bots.ts'
import { EmptyState, ProblemNotice } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { filterFrom } from '../operator/filter.ts'
import type { MessageFilter } from '../operator/filter.ts'
import { useBots, useMessages } from '../operator/queries.ts'
import { channelWords, safeLink } from '../words.ts'
import { FilterBar } from './filter-bar.tsx'
import { MessageList } from './message-list.tsx'

/** Calls `seen` when the element comes into view. */
function useSeen(seen: () => void) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!element.current) return undefined
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && seen(), {
      rootMargin: '400px',
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [seen])
  return element
}

/** More comes when the end of the list comes into view, or by the button. */
function More({ load, busy }: { readonly load: () => void; readonly busy: boolean }) {
  const end = useSeen(load)
  return (
    <Flex ref={end} justify="center" py="4">
      <Button variant="soft" loading={busy} onClick={load}>
        Show older ones
      </Button>
    </Flex>
  )
}

const waiting = (
  <Flex direction="column" gap="2" aria-busy="true">
    {['a', 'b', 'c', 'd', 'e'].map((row) => (
      <Skeleton key={row} height="58px" />
    ))}
  </Flex>
)

/** The pages on which the bots can be talked to, each once. */
const placesOf = (bots: readonly BotState[]) => [
  ...new Map(bots.flatMap((bot) => bot.talkAt).map((place) => [place.url, place])).values(),
]

/** An empty list: what to do about it. */
function Nothing({ filtered, bots }: { readonly filtered: boolean; readonly bots: readonly BotState[] }) {
  if (filtered)
    return (
      <EmptyState title="No conversation is like that">Choose less, or wait: new ones appear by themselves.</EmptyState>
    )
  const places = placesOf(bots)
  return (
    <EmptyState title="Nobody has written yet">
      {places.length === 0 ? (
        <>
          Write to a bot on one of the pages that <code>npm start</code> printed, or type{' '}
          <code>npx understudy ask {bots[0]?.name ?? '<bot>'}</code>. What you write appears here.
        </>
      ) : (
        <>
          Write to a bot in{' '}
          {places.map(({ channel, url }, index) => (
            <span key={url}>
              {index > 0 && ' or '}
              <Anchor href={safeLink(url)} target="_blank" rel="noreferrer">
                the simulated {channelWords(channel)}
              </Anchor>
            </span>
          ))}
          . What you write appears here.
        </>
      )}
    </EmptyState>
  )
}

function Results({ filter, bots }: { readonly filter: MessageFilter; readonly bots: readonly BotState[] }) {
  const list = useMessages(filter)
  const { data, error, isPending, isFetchingNextPage, isFetching, hasNextPage, fetchNextPage, refetch } = list
  const load = useCallback(() => {
    // After a problem it is the person who tries again.
    if (!isFetching && !error) void fetchNextPage()
  }, [error, fetchNextPage, isFetching])
  const messages = data?.pages.flatMap((page) => page.messages) ?? []
  return (
    <>
      {error && <ProblemNotice error={error} again={() => void refetch()} />}
      {isPending && waiting}
      {data && messages.length === 0 && <Nothing filtered={Object.keys(filter).length > 0} bots={bots} />}
      {messages.length > 0 && <MessageList messages={messages} bots={bots} />}
      {hasNextPage && <More load={load} busy={isFetchingNextPage} />}
    </>
  )
}

/** Every conversation, the newest first; the filter is in the page's address. */
export function ListPage() {
  const [query, setQuery] = useSearchParams()
  const bots = useBots()
  const filter = filterFrom(query)
  const set = useCallback(
    (field: keyof MessageFilter, value: string) =>
      setQuery(
        (before) => {
          const after = new URLSearchParams(before)
          if (value) after.set(field, value)
          else after.delete(field)
          return after
        },
        { replace: true },
      ),
    [setQuery],
  )
  return (
    <Page title="Conversations">
      <FilterBar filter={filter} bots={bots.data ?? []} set={set} clear={() => setQuery({}, { replace: true })} />
      <Results filter={filter} bots={bots.data ?? []} />
    </Page>
  )
}
