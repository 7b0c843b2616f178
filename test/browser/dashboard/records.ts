import type { BotState } from '../../../api/contract/bots.ts'
import type { Candidate, Input, MessageSummary, Reply, Score } from '../../../api/contract/messages.ts'

/* What a scripted operator API tells of two bots. */

const minute = 60_000
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()

const pictureSha = 'ab'.repeat(32)
export const asked = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a01'
export const failed = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a02'
export const routed = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a03'
const refused = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a04'

export const bots = (): readonly BotState[] => [
  {
    name: 'after-dark',
    family: 'picture-classifier',
    channels: ['slack'],
    labels: [
      { id: 'engineer', words: 'an engineer' },
      { id: 'not-engineer', words: 'not an engineer' },
    ],
    policy: 'average',
    paused: null,
    health: { state: 'ok', reason: '' },
    versions: [
      { slot: 'head', version: 1, stage: 'live', baseline: true },
      { slot: 'deep', version: 1, stage: 'live', baseline: false },
    ],
    today: { messages: 128, answered: 117, refused: 6, failed: 1, expired: 0, open: 4 },
    answerMs: { median: 640, p95: 1_480 },
    waitingForPeople: 3,
    talkAt: [],
  },
  {
    name: 'team-router',
    family: 'text-classifier',
    channels: ['slack', 'http'],
    labels: [
      { id: 'date-pickers', words: 'the date picker team' },
      { id: 'data-grid', words: 'the data grid team' },
      { id: 'core', words: 'the core team' },
    ],
    policy: 'primary-then-best',
    paused: null,
    health: { state: 'waiting', reason: 'no model is loaded yet' },
    versions: [{ slot: 'main', version: 2, stage: 'live', baseline: true }],
    today: { messages: 0, answered: 0, refused: 0, failed: 0, expired: 0, open: 0 },
    answerMs: null,
    waitingForPeople: 0,
    talkAt: [],
  },
]

const common = (id: string, bot: string, since: number): MessageSummary => ({
  id,
  bot,
  channel: 'slack',
  workflowId: `answer:${bot}:slack:${id.slice(-2)}`,
  workflowUrl: `http://127.0.0.1:8233/namespaces/default/workflows/answer:${bot}:slack:${id.slice(-2)}`,
  sentAt: ago(since + 400),
  receivedAt: ago(since),
  outcome: 'answered',
  outcomeReason: null,
  answerMs: 812,
  pictures: 0,
  text: '',
  answer: null,
  correction: null,
  synthetic: false,
})

/** Newest first. */
export const summaries = (): MessageSummary[] => [
  {
    ...common(failed, 'after-dark', minute),
    outcome: 'failed',
    outcomeReason: 'archived_channel',
    answerMs: null,
    pictures: 1,
  },
  {
    ...common(asked, 'after-dark', 3 * minute),
    pictures: 1,
    text: 'who is this? <b>bold?</b>',
    answer: { label: 'engineer', confidence: 0.73, known: true, unsure: true },
    correction: 'open',
  },
  {
    ...common(routed, 'team-router', 20 * minute),
    channel: 'http',
    text: 'Who looks after the date picker?',
    answer: { label: 'date-pickers', confidence: 0.91, known: true, unsure: false },
  },
  { ...common(refused, 'after-dark', 50 * minute), outcome: 'refused', outcomeReason: 'no-picture', text: 'hello' },
]

/** More of them, so that the list has a second page. */
export const olderOnes = (count: number): MessageSummary[] =>
  Array.from({ length: count }, (_, index) => ({
    ...common(`1c6f1d9e-2f0a-4c9e-9a53-${String(index).padStart(12, '0')}`, 'after-dark', (60 + index) * minute),
    text: `older message ${index + 1}`,
    answer: { label: 'not-engineer', confidence: 0.9, known: true, unsure: false },
  }))

const score = (slot: string, engineer: number, more: Partial<Score> = {}): Score => ({
  slot,
  version: 1,
  stage: 'live',
  label: 'engineer',
  confidence: engineer,
  known: true,
  probabilities: { engineer, 'not-engineer': 1 - engineer },
  evalMs: 38,
  attempts: 1,
  error: null,
  scoredAt: ago(3 * minute),
  ...more,
})
const candidate = (slot: string, confidence: number, arrivedMs: number): Candidate => ({
  slot,
  version: 1,
  label: 'engineer',
  confidence,
  known: true,
  arrivedMs,
  used: true,
})

export interface CastVote {
  readonly label: string | null
}

/** One picture, two live versions and one in the shadow, an unsure answer, and the votes that were cast. */
export const inputsOf = (votes: readonly CastVote[]): Input[] => [
  {
    position: 0,
    picture: { sha256: pictureSha, width: 240, height: 180, url: `/api/pictures/${pictureSha}` },
    scores: [
      score('head', 0.66),
      score('deep', 0.8),
      score('deep', 0.41, { version: 2, stage: 'shadow', label: 'not-engineer', confidence: 0.59, attempts: 2 }),
    ],
    choice: {
      policy: 'average',
      slot: 'head',
      version: 1,
      label: 'engineer',
      confidence: 0.73,
      known: true,
      unsure: true,
      reason: 'the mean of 2 versions',
      deadlineHit: false,
      candidates: [candidate('head', 0.66, 212), candidate('deep', 0.8, 268)],
      decidedAt: ago(3 * minute),
    },
    prediction: asked,
    correction: {
      state: 'open',
      label: null,
      decidedBy: null,
      needed: 2,
      votes: votes.map((vote, index) => ({
        label: vote.label,
        via: 'page',
        reviewer: false,
        verdict: 'counted',
        at: ago(2_000 - index),
        person: `7d6f1d9e-2f0a-4c9e-9a53-${String(index).padStart(12, '0')}`,
      })),
    },
  },
]

export const repliesOf = (): Reply[] => [
  {
    kind: 'choice',
    state: 'sent',
    text: 'This looks like an engineer (73 % likely). I am not sure; I have asked people.',
    attempts: 2,
    adopted: true,
    failure: null,
    createdAt: ago(3 * minute),
    sentAt: ago(3 * minute),
    platformId: '1732190000.000100',
  },
]
