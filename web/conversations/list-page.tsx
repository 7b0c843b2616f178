import { Button, Flex, Skeleton } from '@radix-ui/themes'
import { useCallback, useEffect, useRef } from 'react'
import { useSearchParams } from 'wouter'
import type { BotState } from '../../api/contract/bots.ts'
import { ProblemNotice } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { filterFrom } from '../operator/filter.ts'
import type { MessageFilter } from '../operator/filter.ts'
import { useBots, useMessages } from '../operator/queries.ts'
import { FilterBar } from './filter-bar.tsx'
import { MessageList } from './message-list.tsx'
import { Nothing } from './nothing.tsx'

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
