import { useQuery } from '@tanstack/react-query'
import { postFor, read } from '../client.ts'
import { kept, useChange } from '../queries.ts'
import * as answers from './version-answers.ts'

const whileRunningMs = 1_000

const pathOf = (bot: string, version: number) => `/api/versions/${encodeURIComponent(bot)}/${version}`

/** `bot` '' means the versions of every bot. */
export const useVersions = (bot: string) =>
  useQuery({
    queryKey: [...kept.versions, bot],
    queryFn: async () =>
      (await read(`/api/versions${bot ? `?bot=${encodeURIComponent(bot)}` : ''}`, answers.versions)).versions,
  })

export const useVersion = (bot: string, version: number) =>
  useQuery({
    queryKey: [...kept.versions, bot, version],
    queryFn: () => read(pathOf(bot, version), answers.versionDetail),
  })

/** What `version` would do that `other` does not, on the same held-out rows. */
export const useComparison = (bot: string, version: number, other: number) =>
  useQuery({
    queryKey: [...kept.versions, bot, version, 'compare', other],
    queryFn: () => read(`${pathOf(bot, version)}/compare/${other}`, answers.comparison),
  })

export const useDataset = (root: string) =>
  useQuery({
    queryKey: ['dataset', root],
    queryFn: () => read(`/api/datasets/${encodeURIComponent(root)}`, answers.dataset),
    // A dataset never changes.
    staleTime: Infinity,
    enabled: root !== '',
  })

export const useReplay = (id: string) =>
  useQuery({
    queryKey: [...kept.replays, id],
    queryFn: () => read(`/api/replays/${encodeURIComponent(id)}`, answers.replay),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? whileRunningMs : false),
  })

export interface WantedReplay {
  readonly bot: string
  readonly version: number
  readonly against?: number
  /** ISO 8601. */
  readonly since?: string
}

export const useStartReplay = () =>
  useChange((wanted: WantedReplay) => postFor('/api/replays', wanted, answers.replayStarted), [kept.versions])
