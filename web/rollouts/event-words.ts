import type { RolloutDetail } from '../../api/contract/rollouts.ts'
import { endWords, sentence, shortHash, stageWords, verdictWords } from '../evidence/evidence-words.ts'

type Event = RolloutDetail['events'][number]

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const words: Readonly<Record<string, (detail: Event['detail']) => string>> = {
  stage: ({ stage, step }) => (stage === 'canary' ? `canary, step ${Number(step ?? 0) + 1}` : stageWords(text(stage))),
  ended: ({ end, reason }) => `${endWords(text(end))}${text(reason) && `: ${text(reason)}`}`,
  evidence: ({ verdict, hash }) =>
    `evidence ${shortHash(text(hash))} was written: ${(new Map<string, string>(Object.entries(verdictWords)).get(text(verdict)) ?? text(verdict)).toLowerCase()}`,
}

/** An event as a sentence; one of a kind that the page does not know by its name. */
export const eventWords = ({ kind, detail }: Pick<Event, 'kind' | 'detail'>): string =>
  sentence(words[kind]?.(detail) ?? (text(detail['why']) || text(detail['reason']) || kind.replaceAll('-', ' ')))
