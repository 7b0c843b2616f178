import type { ListedCorrection } from '../../../../api/contract/corrections.ts'
import type { BotLearning, Retrain } from '../../../../api/contract/learning.ts'
import type { BlindQuestion } from '../../../../api/contract/questions.ts'
import { ago, ahead, day, gates, minute, picture, root, text, uuid } from './values.ts'

/* What a scripted operator API tells of learning: retrains, corrections and questions. */

const status = (bot: string, accepted: number, running?: number): BotLearning['status'] => ({
  bot,
  accepted,
  wanted: 20,
  usable: accepted,
  people: Math.min(2, accepted),
  peopleWanted: 3,
  largestShare: accepted === 0 ? 0 : 0.4,
  reviewersBatch: false,
  nextNumber: 4,
  ...(running !== undefined && { running }),
})

const workflowUrl = 'http://127.0.0.1:8233/namespaces/default/workflows/retrain:after-dark:3'
const retrain = (number: number, more: Partial<Retrain>): Retrain => ({
  number,
  reason: 'corrections',
  state: 'succeeded',
  outcome: null,
  datasetRoot: root,
  startedAt: ago((4 - number) * day),
  finishedAt: ago((4 - number) * day - minute),
  workflowUrl,
  slots: [],
  ...more,
})

export const learning = (): readonly BotLearning[] => [
  {
    bot: 'after-dark',
    status: status('after-dark', 7),
    wait: '7 of 20 corrections, next check Monday 06:00 UTC',
    schedule: {
      cron: '0 6 * * MON',
      nextAt: ahead(3 * day),
      paused: false,
      note: null,
    },
    scheduleKnown: true,
    retrains: [
      retrain(3, {
        reason: 'demo',
        slots: [{ slot: 'head', parent: 1, version: 3, gates: gates(), progress: null }],
      }),
      retrain(2, { state: 'failed', outcome: 'the dataset has one label left', datasetRoot: null, slots: [] }),
    ],
    correctionToLiveMedianMs: 5.4 * 3_600_000,
  },
  {
    bot: 'team-router',
    status: status('team-router', 20, 4),
    wait: null,
    schedule: {
      cron: '0 6 * * MON',
      nextAt: null,
      paused: true,
      note: 'moving house',
    },
    scheduleKnown: true,
    retrains: [
      retrain(4, {
        state: 'running',
        startedAt: ago(minute),
        finishedAt: null,
        slots: [{ slot: 'main', parent: 2, version: null, gates: null, progress: { step: 40, of: 100, loss: 0.313 } }],
      }),
    ],
    correctionToLiveMedianMs: null,
  },
]

const vote = (last: number, label: string | null, reviewer = false): ListedCorrection['votesList'][number] => ({
  personId: uuid(last),
  label,
  reviewer,
  via: 'command',
  at: ago(20 * minute),
})

const correction = (
  last: number,
  state: ListedCorrection['state'],
  more: Partial<ListedCorrection>,
): ListedCorrection => ({
  prediction: uuid(last),
  messageId: uuid(last),
  bot: 'after-dark',
  state,
  label: null,
  predicted: 'engineer',
  decidedBy: null,
  openedAt: ago(last * 30 * minute),
  decidedAt: null,
  votes: 1,
  votesList: [vote(100 + last, 'not-engineer')],
  input: picture,
  datasets: [],
  confidence: 0.73,
  ...more,
})

export const corrections = (): readonly ListedCorrection[] => [
  correction(1, 'conflicted', { votesList: [vote(101, 'not-engineer'), vote(102, 'engineer', true), vote(103, null)] }),
  correction(2, 'accepted', { label: 'not-engineer', decidedBy: 'quorum', decidedAt: ago(minute) }),
  correction(3, 'accepted', {
    label: 'not-engineer',
    decidedBy: 'reviewer',
    decidedAt: ago(day),
    datasets: [{ root, versions: [3], part: 'train' }],
    input: { ...picture, shown: false },
  }),
  correction(4, 'open', {
    bot: 'team-router',
    predicted: 'core',
    confidence: 0.51,
    input: text('Who looks after the <b>date picker</b>?'),
    votesList: [vote(104, 'date-pickers')],
  }),
]

const labels = [
  { id: 'engineer', words: 'an engineer' },
  { id: 'not-engineer', words: 'not an engineer' },
]
const question = (last: number, more: Partial<BlindQuestion> = {}): BlindQuestion => ({
  id: uuid(200 + last),
  bot: 'after-dark',
  version: 3,
  reason: 'disagreement',
  input: picture,
  labels,
  askedAt: ago(minute),
  ...more,
})
export const questions = (): readonly BlindQuestion[] => [
  question(1),
  question(2, {
    bot: 'team-router',
    input: text('The grid scrolls twice.'),
    labels: [
      { id: 'date-pickers', words: 'the date picker team' },
      { id: 'data-grid', words: 'the data grid team' },
      { id: 'core', words: 'the core team' },
    ],
  }),
]
