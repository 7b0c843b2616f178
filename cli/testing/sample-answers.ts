import type { BotState } from '../../api/contract/bots.ts'
import type { Correction, Vote } from '../../api/contract/corrections.ts'
import type { Choice, Input, Message, Reply, Score } from '../../api/contract/messages.ts'

/* Answers of the operator API about bots and messages, as samples for tests. */

export const messageId = '7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d'
export const workflowId = 'answer:fedora-finder:x:1997000000000000123'

const today = { messages: 3, answered: 2, refused: 1, failed: 0, expired: 0, open: 0 }

export const fedoraFinder: BotState = {
  name: 'fedora-finder',
  family: 'picture-classifier',
  channels: ['slack', 'x'],
  labels: [
    { id: 'fedora', words: 'fedora' },
    { id: 'no-fedora', words: 'no fedora' },
  ],
  policy: 'primary-then-best',
  paused: null,
  health: { state: 'ok', reason: '' },
  versions: [{ slot: 'main', version: 1, stage: 'champion', baseline: true }],
  today,
  answerMs: { median: 412.4, p95: 901 },
  waitingForPeople: 2,
  talkAt: [],
}

const score: Score = {
  slot: 'main',
  version: 1,
  stage: 'champion',
  label: 'fedora',
  confidence: 0.87,
  known: true,
  probabilities: { fedora: 0.87, 'no-fedora': 0.13 },
  evalMs: 12.3,
  attempts: 1,
  error: null,
  scoredAt: '2026-01-02T03:04:05.200Z',
}
const choice: Choice = {
  policy: 'primary-then-best',
  slot: 'main',
  version: 1,
  label: 'fedora',
  confidence: 0.87,
  known: true,
  unsure: false,
  reason: 'the primary answered in time',
  deadlineHit: false,
  candidates: [],
  decidedAt: '2026-01-02T03:04:05.210Z',
}

/** Our id of the person who runs the command. */
export const me = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a0e'

/** One vote of theirs. */
export const vote = (label: string | null, verdict: Vote['verdict'], at = '2026-01-02T03:05:00.000Z'): Vote => ({
  ...{ label, verdict, at, via: 'api', reviewer: false, person: me },
})

export const inputAt = (position: number, correction: Correction | null = null): Input => ({
  position,
  picture: { sha256: 'ab'.repeat(32), width: 512, height: 384, url: `/api/pictures/${'ab'.repeat(32)}` },
  scores: [score],
  choice,
  prediction: position === 0 ? messageId : `${messageId}_${position}`,
  correction,
})

export const reply: Reply = {
  kind: 'choice',
  state: 'sent',
  text: 'fedora: 87 % likely · 4f2a',
  attempts: 1,
  adopted: false,
  failure: null,
  createdAt: '2026-01-02T03:04:05.300Z',
  sentAt: '2026-01-02T03:04:05.412Z',
  platformId: '1',
}

/** A message that was answered, with changes. */
export const messageWith = (changes: Partial<Message> = {}): Message => ({
  id: messageId,
  bot: 'fedora-finder',
  channel: 'x',
  workflowId,
  workflowUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/answer',
  sentAt: '2026-01-02T03:04:04.900Z',
  receivedAt: '2026-01-02T03:04:05.000Z',
  outcome: 'answered',
  outcomeReason: null,
  answerMs: 412,
  pictures: 1,
  text: 'what is this?',
  answer: { label: 'fedora', confidence: 0.87, known: true, unsure: false },
  correction: null,
  synthetic: false,
  address: { kind: 'x-post', link: null },
  inputs: [inputAt(0)],
  replies: [reply],
  ...changes,
})
