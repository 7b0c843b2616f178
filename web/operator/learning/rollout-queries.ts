import { useQuery } from '@tanstack/react-query'
import { post, postFor, read } from '../client.ts'
import { kept, useChange } from '../queries.ts'
import * as answers from './rollout-answers.ts'

/** Requests are seen without an event of their own. */
const againMs = 5_000

const pathOf = (bot: string, version: number) => `/api/rollouts/${encodeURIComponent(bot)}/${version}`

export const useRollouts = () =>
  useQuery({
    queryKey: kept.rollouts,
    queryFn: async () => (await read('/api/rollouts', answers.rollouts)).rollouts,
    refetchInterval: againMs,
  })

export const useRollout = (bot: string, version: number) =>
  useQuery({
    queryKey: [...kept.rollouts, bot, version],
    queryFn: () => read(pathOf(bot, version), answers.rolloutDetail),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : againMs),
  })

export interface WantedDecision {
  readonly evidenceId: string
  readonly decision: 'promote' | 'hold' | 'reject'
  readonly reason: string
  readonly override?: boolean
}

const touched = [kept.rollouts, kept.versions, kept.bots]

export const useDecide = (bot: string, version: number) =>
  useChange(
    (decision: WantedDecision) => postFor(`${pathOf(bot, version)}/decision`, decision, answers.decided),
    touched,
  )

/** Starts the rollout of a registered version. */
export const useStartRollout = () =>
  useChange(
    (wanted: { readonly bot: string; readonly version: number; readonly demo?: boolean }) =>
      post('/api/rollouts', wanted),
    touched,
  )

export const useRollback = (bot: string) =>
  useChange(
    (wanted: { readonly version?: number; readonly reason: string }) =>
      post(`/api/bots/${encodeURIComponent(bot)}/rollback`, wanted),
    touched,
  )
