import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { eValue } from '../../domain/rollout/statistics/e-value.ts'
import { seededRandom } from '../../domain/model/seeded-random.ts'
import { latestEvidence } from '../../store/rollouts/evidence/evidence.ts'
import { replaysOf } from '../../store/rollouts/replays/replay-reports.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { botsFolderOf } from '../support/bots-folder.ts'
import { candidatesOf, reviews } from '../support/learning/candidates.ts'
import type { SeenPost } from '../support/messages/people.ts'
import { eventually } from '../support/platforms/platform.ts'
import { askAlong, openQuestions } from '../support/learning/question-traffic.ts'
import type { Stack } from '../support/stack.ts'
import { tellStory, type Narrator, type Story } from '../support/story.ts'
import {
  approver,
  ask,
  bot,
  label,
  labelAlong,
  nameOf,
  reviewer,
  type Scale,
  type Scene,
  teach,
  topics,
  words,
} from '../support/learning/teaching.ts'

const question = 'who owns the dark theme?'

/** The version on its way, from the training to its approval, while people go on asking. */
async function rehearse(scene: Scene): Promise<number> {
  const { stack, narrator, candidates, questions, scale } = scene
  narrator.scene('The bot learns')
  const [, made] = await eventually(
    async () => {
      const versions = await versionsOf(stack.db, bot)
      return versions.length > 1 ? versions : undefined
    },
    { timeoutMs: 180_000, what: 'a trained version' },
  )
  assert(made, 'a version is registered')
  const { version } = made
  narrator.notes(
    `version ${version}: ${made.lineage?.newCorrections ?? 0} new corrections, dataset ${made.datasetRoot.slice(0, 12)}, weights ${made.weightsSha256.slice(0, 12)}`,
  )
  narrator.scene('It rehearses, while people go on asking')
  const stopping = new AbortController()
  const asking = askAlong(candidates.people, questions, {
    everyMs: scale.askEveryMs,
    about: () => label,
    signal: stopping.signal,
  })
  const labelling = labelAlong(scene, stopping.signal)
  try {
    for (const news of ['is in shadow', 'is a canary']) {
      const isNews = (seen: SeenPost) => seen.bot === bot && seen.text.includes(`Version ${version} of ${bot} ${news}`)
      const post = await candidates.people.waits(reviews, isNews, { what: news, timeoutMs: 120_000 })
      narrator.says(bot, post.text)
      if (news === 'is in shadow') await tellReplay(scene, version)
    }
    const asksOrEnds = { what: 'the approval', timeoutMs: 180_000 }
    const { end, reason } = await candidates.when(
      version,
      (rollout) => rollout.stage === 'approval' || rollout.end !== undefined,
      asksOrEnds,
    )
    assert.equal(end, undefined, reason)
  } finally {
    stopping.abort()
  }
  await asking
  const labelled = await labelling
  narrator.notes(`${nameOf(reviewer)} has answered ${labelled} questions without knowing who said what`)
  return version
}

/** What the version would have said to everything that the decoy recorded: nobody is on stage before that. */
async function tellReplay({ stack: { db }, narrator }: Scene, version: number): Promise<void> {
  const [kept] = await replaysOf(db, { bot, version })
  assert.ok(kept && kept.verdict !== 'fail', kept?.report.why)
  const { requests, agreement, noiseFloor, hash } = kept.report
  assert.equal(noiseFloor, 1, 'the champion disagrees with itself')
  assert.ok(requests > 0, 'nothing was recorded')
  narrator.notes(
    `replay before that: ${requests} recorded requests, the same answer in ${Math.round(agreement * 100)} %, report ${hash.slice(0, 12)}`,
  )
}

async function letOnStage({ stack, narrator, candidates }: Scene, version: number): Promise<void> {
  narrator.scene('Dmitri reads the evidence card, and lets it on stage')
  const card = await candidates.cardWhenShown(version)
  const evidence = (await latestEvidence(stack.db, { bot, version })) ?? assert.fail('there is evidence')
  const { judgement, traffic } = evidence.payload
  narrator.says(bot, card.text.split('http')[0]?.trim() ?? '')
  assert.equal(judgement.verdict, 'pass', judgement.why)
  assert.ok(eValue(traffic.pairs.wins, traffic.pairs.losses) === traffic.eValue)
  narrator.says('Dmitri', '[Promote: it knows the new team]')
  await candidates.decides(approver, version, { decision: 'promote', reason: 'it knows the new team' })
  const isLive = (seen: SeenPost) => seen.bot === bot && seen.text.includes(`Version ${version} of ${bot} is live`)
  narrator.says(
    bot,
    (await candidates.people.waits(reviews, isLive, { what: 'that it is live', timeoutMs: 60_000 })).text,
  )
}

/** The end of the story in numbers. */
async function tellNumbers({ stack: { db }, narrator }: Scene, version: number): Promise<void> {
  const evidence = (await latestEvidence(db, { bot, version })) ?? assert.fail('there is evidence')
  const { rows } = await sql<{ seconds: number | null }>`
    select percentile_cont(0.5) within group (order by extract(epoch from live_at - corrected_at))::float8 as seconds
    from live_notices where bot = ${bot} and version = ${version}`.execute(db)
  const { judgement, traffic } = evidence.payload
  narrator.scene('In numbers')
  narrator.notes(
    [
      `live: version ${version} of ${bot}`,
      `verdict: ${judgement.verdict}`,
      `labelled disagreements: ${traffic.pairs.wins} won, ${traffic.pairs.losses} lost, e-value ${traffic.eValue.toFixed(1)}`,
      `evidence: ${evidence.hash}`,
      `from correction to live: ${Math.round(rows[0]?.seconds ?? 0)} s (median)`,
    ].join('\n'),
  )
}

const tellIt =
  (scale: Scale) =>
  async (stack: Stack, narrator: Narrator): Promise<void> => {
    const questions = await openQuestions(seededRandom(7), { [label]: topics })
    const candidates = candidatesOf(stack, bot)
    const scene = { stack, narrator, questions, scale, candidates }
    const { people } = candidates
    narrator.notes(scale.note)
    narrator.scene('There is a new team')
    const typed = `/labels add ${label} ${words}`
    narrator.says(nameOf(reviewer), typed)
    await people.types(reviewer, typed, { channel: 'C0GENERAL' })
    const isAdded = (seen: SeenPost) => seen.ephemeral && seen.user === reviewer && seen.text.startsWith('Added')
    narrator.says(bot, (await people.waits('C0GENERAL', isAdded)).text)

    narrator.scene('Nobody has told the bot what that team does')
    narrator.says('Eva', question)
    const answer = await ask(scene, 'U0EVA', question, 'C0GENERAL')
    narrator.says(bot, answer.text)
    assert.ok(!answer.text.includes(words))

    await teach(scene, answer)
    const version = await rehearse(scene)
    await letOnStage(scene, version)

    narrator.scene('The same question')
    narrator.says('Eva', question)
    const again = await ask(scene, 'U0EVA', question, 'C0GENERAL')
    narrator.says(bot, again.text)
    assert.ok(again.text.includes(words), again.text)
    const isThanked = (seen: SeenPost) =>
      seen.ephemeral && seen.user === 'U0BEN' && seen.text.includes(`version ${version} is answering`)
    narrator.says(bot, (await people.waits('C0GENERAL', isThanked, { what: 'a word to Ben', timeoutMs: 60_000 })).text)
    narrator.notes('only Ben sees that')
    await tellNumbers(scene, version)
  }

const storyOf = (scale: Scale): Story => ({
  bots: [bot],
  stack: async () => ({
    botsFolder: await botsFolderOf({ [bot]: { like: bot, change: scale.change } }),
    services: ['slack simulator', 'api', 'relay+conversations', 'inference+learning+training'],
    env: { DEMO_REVIEWER: reviewer, DEMO_APPROVER: approver },
  }),
  tell: tellIt(scale),
})

/** With the bot's own thresholds. */
export const story = storyOf({
  change: { questionsPerDay: 500 },
  corrections: 20,
  askEveryMs: 350,
  note: 'The thresholds are the bot’s own: 20 corrections of 3 people, 30 requests in shadow, 30 each at 10 % and 50 %, e-value 20.',
})

/** With small numbers, for tests. */
export const shortStory = storyOf({
  change: {
    questionsPerDay: 500,
    askShare: 0,
    learning: { accepted: 6 },
    rollout: {
      ...{ shadowRequests: 4, canary: [{ weight: 0.5, requests: 4 }], evidence: 5, bakeRequests: 4 },
      // A machine that is busy with other tests answers late, and that is no fault of the version.
      guards: { deadlineMisses: 1, latencyFloorMs: 60_000 },
    },
  },
  corrections: 6,
  askEveryMs: 500,
  note: 'Small numbers: 6 corrections of 3 people, 4 requests in shadow, 4 at 50 %, e-value 5.',
})

export const main = (): Promise<void> => tellStory(story)
