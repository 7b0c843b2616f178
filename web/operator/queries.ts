import { QueryCache, QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { bots } from '../../api/contract/bots.ts'
import { message, messagePage, messagesFound } from '../../api/contract/messages.ts'
import { session, type Session } from '../../api/contract/people.ts'
import { ApiProblem, isSignedOut, post, read, remove } from './client.ts'
import { queryOf } from './filter.ts'
import type { MessageFilter } from './filter.ts'

/** The names under which answers are kept; live events make those that they touch stale. */
export const kept = {
  session: ['session'],
  bots: ['bots'],
  lists: ['messages'],
  messages: ['message'],
  finds: ['find'],
  learning: ['learning'],
  corrections: ['corrections'],
  questions: ['questions'],
  versions: ['versions'],
  replays: ['replays'],
  rollouts: ['rollouts'],
} as const

const pageSize = '50'
/** Figures of today also change without an event: hours pass, and waiting grows. */
const botsAgainMs = 30_000
/** A vote that is counted settles nothing yet and makes no event; whoever looks at its conversation sees it all the same. */
const messageAgainMs = 4_000

/** A client that asks again twice when there was no answer, and at once believes a problem. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // A session that ended elsewhere: the whole page says so, not each part of it.
      onError: (error) => {
        if (isSignedOut(error)) client.setQueryData(kept.session, null)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && (!(error instanceof ApiProblem) || error.status === 0),
      },
    },
  })
  return client
}

/** `null`: nobody is signed in. */
async function readSession(): Promise<Session | null> {
  try {
    return await read('/api/session', session)
  } catch (error) {
    if (isSignedOut(error)) return null
    throw error
  }
}

export const useSession = () => useQuery({ queryKey: kept.session, queryFn: readSession, staleTime: 60_000 })

export const useBots = () =>
  useQuery({
    queryKey: kept.bots,
    queryFn: async () => (await read('/api/bots', bots)).bots,
    refetchInterval: botsAgainMs,
  })

/** Newest first, page by page. */
export const useMessages = (filter: MessageFilter) =>
  useInfiniteQuery({
    queryKey: [...kept.lists, filter],
    queryFn: ({ pageParam }) =>
      read(
        `/api/messages?${queryOf(filter, { limit: pageSize, ...(pageParam ? { before: pageParam } : {}) })}`,
        messagePage,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

export const useMessage = (id: string) =>
  useQuery({
    queryKey: [...kept.messages, id],
    queryFn: () => read(`/api/messages/${encodeURIComponent(id)}`, message),
    refetchInterval: messageAgainMs,
  })

export const useFind = (q: string) =>
  useQuery({
    queryKey: [...kept.finds, q],
    queryFn: async () => (await read(`/api/find?q=${encodeURIComponent(q)}`, messagesFound)).messages,
    enabled: q !== '',
  })

/** A change, after which the answers named are asked for again. */
export function useChange<T, R = void>(change: (wanted: T) => Promise<R>, touches: readonly (readonly string[])[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all(touches.map((queryKey) => client.invalidateQueries({ queryKey }))),
    onError: (error) => {
      if (isSignedOut(error)) client.setQueryData(kept.session, null)
    },
  })
}

export const usePause = (bot: string) =>
  useChange(() => post(`/api/bots/${encodeURIComponent(bot)}/pause`, {}), [kept.bots])

export const useResume = (bot: string) =>
  useChange(
    (wanted: { readonly answerAll: boolean }) => post(`/api/bots/${encodeURIComponent(bot)}/resume`, wanted),
    [kept.bots],
  )

/** A vote; `label` is null for "can't tell". */
export const useCorrect = (prediction: string) =>
  useChange(
    (label: string | null) => post('/api/corrections', { prediction, label }),
    [kept.messages, kept.lists, kept.bots],
  )

/** A label that people can choose from now on. */
export const useAddLabel = (bot: string) =>
  useChange(
    (label: { readonly id: string; readonly words: string }) =>
      post(`/api/bots/${encodeURIComponent(bot)}/labels`, label),
    [kept.bots],
  )

export const useRetry = (id: string) =>
  useChange(() => post(`/api/messages/${encodeURIComponent(id)}/retry`, {}), [kept.messages, kept.lists, kept.bots])

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => remove('/api/session'),
    onSuccess: () => {
      // What was shown belonged to the person who left.
      client.setQueryData(kept.session, null)
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== kept.session[0] })
    },
  })
}
