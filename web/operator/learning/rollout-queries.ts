import { useQuery } from '@tanstack/react-query'
import {
  decided,
  type DecisionRequest,
  type RollbackRequest,
  rolloutDetail,
  type RolloutRequest,
  rollouts,
} from '../../../api/contract/rollouts.ts'
import { post, postFor, read } from '../client.ts'
import { kept, useChange } from '../queries.ts'

/** Requests are seen without an event of their own. */
const againMs = 5_000

const pathOf = (bot: string, version: number) => `/api/rollouts/${encodeURIComponent(bot)}/${version}`

export const useRollouts = () =>
  useQuery({
    queryKey: kept.rollouts,
    queryFn: async () => (await read('/api/rollouts', rollouts)).rollouts,
    refetchInterval: againMs,
  })

export const useRollout = (bot: string, version: number) =>
  useQuery({
    queryKey: [...kept.rollouts, bot, version],
    queryFn: () => read(pathOf(bot, version), rolloutDetail),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : againMs),
  })

const touched = [kept.rollouts, kept.versions, kept.bots]

export const useDecide = (bot: string, version: number) =>
  useChange((decision: DecisionRequest) => postFor(`${pathOf(bot, version)}/decision`, decision, decided), touched)

/** Starts the rollout of a registered version. */
export const useStartRollout = () =>
  useChange((wanted: Pick<RolloutRequest, 'bot' | 'version'>) => post('/api/rollouts', wanted), touched)

export const useRollback = (bot: string) =>
  useChange((wanted: RollbackRequest) => post(`/api/bots/${encodeURIComponent(bot)}/rollback`, wanted), touched)
