import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { kept } from './queries.ts'

/** `live`: changes arrive by themselves. `waiting`: the connection is being made, for the first time or again. */
export type LiveState = 'live' | 'waiting'

/** Which kept answers an event of `/api/live` makes stale. */
const touchedBy = {
  message: [kept.lists, kept.messages, kept.finds, kept.bots],
  correction: [kept.lists, kept.messages, kept.bots, kept.corrections, kept.learning],
  bot: [kept.bots],
  alert: [kept.bots],
  retrain: [kept.learning, kept.versions, kept.corrections],
  rollout: [kept.rollouts, kept.versions, kept.bots],
  label: [kept.questions, kept.rollouts],
} as const

const everything = [...new Set(Object.values(touchedBy).flat())]

/** Hundreds of events in a second become one look. */
const gatherMs = 500
const againMs = 5_000

/** Calls `refresh` with what changed, at most every half second, and `became` when the connection comes or goes. */
function listen(refresh: (names: readonly (readonly string[])[]) => void, became: (state: LiveState) => void) {
  let source: EventSource | undefined
  let gathering: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let touched: readonly (readonly string[])[] = []
  const note = (names: readonly (readonly string[])[]) => {
    touched = [...touched, ...names.filter((name) => !touched.includes(name))]
    gathering ??= setTimeout(() => {
      const names = touched
      gathering = undefined
      touched = []
      refresh(names)
    }, gatherMs)
  }
  const connect = () => {
    source = new EventSource('/api/live')
    for (const [event, names] of Object.entries(touchedBy)) source.addEventListener(event, () => note(names))
    source.addEventListener('open', () => {
      became('live')
      // What happened while nobody listened was not told.
      note(everything)
    })
    source.addEventListener('error', () => {
      became('waiting')
      // The browser tries again by itself, except after an answer that is no event stream.
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, againMs)
    })
  }
  connect()
  return () => {
    source?.close()
    clearTimeout(gathering)
    clearTimeout(again)
  }
}

/** Keeps everything that is shown up to date by the API's server-sent events, for as long as the component is mounted. */
export function useLive(): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('waiting')
  useEffect(
    () =>
      listen((names) => {
        for (const queryKey of names) void client.invalidateQueries({ queryKey })
      }, setState),
    [client],
  )
  return state
}
