import { useQuery } from '@tanstack/react-query'
import { corrections, type ReviewRequest } from '../../../api/contract/corrections.ts'
import { learning, type ScheduleRequest } from '../../../api/contract/learning.ts'
import { questions } from '../../../api/contract/questions.ts'
import { post, read, remove } from '../client.ts'
import { kept, useChange } from '../queries.ts'

/** Time passes without an event: the next check comes closer, and training goes on. */
const againMs = 15_000
const labelsAgainMs = 20_000

export const useLearning = () =>
  useQuery({
    queryKey: kept.learning,
    queryFn: async () => (await read('/api/learning', learning)).bots,
    refetchInterval: againMs,
  })

/** So many are shown. */
export const mostCorrections = 100

/** The newest corrections; a field that is left out does not restrict. */
export const useCorrections = (filter: { readonly bot?: string; readonly state?: string }) =>
  useQuery({
    queryKey: [...kept.corrections, filter],
    queryFn: async () =>
      (
        await read(
          `/api/corrections?${new URLSearchParams({ ...filter, limit: String(mostCorrections) }).toString()}`,
          corrections,
        )
      ).corrections,
  })

export const useDecideCorrection = (prediction: string) =>
  useChange(
    (decision: ReviewRequest) => post(`/api/corrections/${encodeURIComponent(prediction)}/decision`, decision),
    [kept.corrections, kept.learning, kept.messages, kept.lists, kept.bots],
  )

/** A retrain now; as a demonstration it takes one accepted correction. */
export const useRetrain = (bot: string) =>
  useChange(
    (wanted: { readonly demo?: boolean }) => post(`/api/bots/${encodeURIComponent(bot)}/retrain`, wanted),
    [kept.learning],
  )

export const useCancelRetrain = (bot: string, number: number) =>
  useChange(() => post(`/api/bots/${encodeURIComponent(bot)}/retrains/${number}/cancel`, {}), [kept.learning])

export const useSchedule = (bot: string) =>
  useChange((wanted: ScheduleRequest) => post(`/api/bots/${encodeURIComponent(bot)}/schedule`, wanted), [kept.learning])

/** Open questions; `bot` '' means those of every bot. `enabled` is false for who may not label. */
export const useQuestions = (bot: string, enabled: boolean) =>
  useQuery({
    queryKey: [...kept.questions, bot],
    queryFn: () => read(`/api/labels${bot ? `?bot=${encodeURIComponent(bot)}` : ''}`, questions),
    refetchInterval: labelsAgainMs,
    enabled,
  })

/** A blind label; null: "can't tell". */
export const useLabel = () =>
  useChange(
    (said: { readonly question: string; readonly label: string | null }) =>
      post(`/api/labels/${encodeURIComponent(said.question)}`, { label: said.label }),
    [kept.questions],
  )

export const useUnlabel = () =>
  useChange((question: string) => remove(`/api/labels/${encodeURIComponent(question)}`), [kept.questions])
