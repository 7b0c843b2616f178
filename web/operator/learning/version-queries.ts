import { useQuery } from '@tanstack/react-query'
import { dataset } from '../../../api/contract/datasets.ts'
import { replay, type ReplayRequest, replayStarted } from '../../../api/contract/replays.ts'
import { comparison, versionDetail, versions } from '../../../api/contract/versions.ts'
import { postFor, read } from '../client.ts'
import { kept, useChange } from '../queries.ts'

const whileRunningMs = 1_000

const pathOf = (bot: string, version: number) => `/api/versions/${encodeURIComponent(bot)}/${version}`

/** `bot` '' means the versions of every bot. */
export const useVersions = (bot: string) =>
  useQuery({
    queryKey: [...kept.versions, bot],
    queryFn: async () =>
      (await read(`/api/versions${bot ? `?bot=${encodeURIComponent(bot)}` : ''}`, versions)).versions,
  })

export const useVersion = (bot: string, version: number) =>
  useQuery({
    queryKey: [...kept.versions, bot, version],
    queryFn: () => read(pathOf(bot, version), versionDetail),
  })

/** What `version` would do that `other` does not, on the same held-out rows. */
export const useComparison = (bot: string, version: number, other: number) =>
  useQuery({
    queryKey: [...kept.versions, bot, version, 'compare', other],
    queryFn: () => read(`${pathOf(bot, version)}/compare/${other}`, comparison),
  })

export const useDataset = (root: string) =>
  useQuery({
    queryKey: ['dataset', root],
    queryFn: () => read(`/api/datasets/${encodeURIComponent(root)}`, dataset),
    // A dataset never changes.
    staleTime: Infinity,
    enabled: root !== '',
  })

export const useReplay = (id: string) =>
  useQuery({
    queryKey: [...kept.replays, id],
    queryFn: () => read(`/api/replays/${encodeURIComponent(id)}`, replay),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? whileRunningMs : false),
  })

export const useStartReplay = () =>
  useChange((wanted: ReplayRequest) => postFor('/api/replays', wanted, replayStarted), [kept.versions])
