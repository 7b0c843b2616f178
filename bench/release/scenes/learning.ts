import { setTimeout as sleep } from 'node:timers/promises'
import { retrainWorkflowId, rolloutWorkflowId } from '../../../domain/keys.ts'
import { seededRandom } from '../../../domain/model/seeded-random.ts'
import { latestEvidence } from '../../../store/rollouts/evidence/evidence.ts'
import { retrainsOf } from '../../../store/learning/retrains/retrains.ts'
import { type Candidates, candidatesOf } from '../../../test/support/learning/candidates.ts'
import { openQuestions, type Questions } from '../../../test/support/learning/question-traffic.ts'
import {
  ask,
  label,
  labelAlong,
  type Scene as Lesson,
  teach,
  topics,
  words,
} from '../../../test/support/learning/teaching.ts'
import { eventually } from '../../../test/support/platforms/platform.ts'
import type { Answered, Scene } from '../scene.ts'
import { approver, patienceMs, reviewer } from '../small-stack.ts'

/* How team-router learns, does not learn, and is stopped while it learns. */

const bot = 'team-router'
const persons = 12
const askEveryMs = 700

interface Learner extends Scene {
  readonly candidates: Candidates
  readonly questions: Questions
}

/** The next retrain, once it is as wanted. */
const retrainThatIs = ({ stack: { db } }: Scene, state: string, after: number) =>
  eventually(async () => (await retrainsOf(db, bot)).find((each) => each.number > after && each.state === state), {
    timeoutMs: patienceMs,
    what: `a retrain after ${after} that is ${state}`,
  })

const latestRetrain = async ({ stack: { db } }: Scene) =>
  Math.max(0, ...(await retrainsOf(db, bot)).map(({ number }) => number))

/** A correction of a text that is held out: it is accepted, and no dataset takes it. */
async function correctHeldOut({ stack: { db }, answers, people, settles }: Learner): Promise<void> {
  const { text } = await db
    .selectFrom('example_inputs')
    .select('text')
    .where('bot', '=', bot)
    .where('text', 'is not', null)
    .executeTakeFirstOrThrow()
  const answered = await answers(bot, { user: 'U0DINA', text: text ?? '' })
  await people(bot).chooses(reviewer, label, answered.post)
  await settles(answered, 'accepted')
}

/** People ask about the new team until the signal says stop. */
async function askAlong({ people, questions }: Learner, signal: AbortSignal): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const channel = `C0TRAFFIC${number % 6}`
    await people(bot)
      .says(`U0PERSON${number % persons}`, `@bot ${questions.about(label)}`, { channel })
      .catch(() => undefined)
    await sleep(askEveryMs)
  }
}

/** The first version that learned: rehearsed while people ask and a reviewer labels, held, promoted, watched to its end. */
async function rollOut(learner: Learner, lesson: Lesson): Promise<void> {
  const { stack, candidates, keep, say } = learner
  const version = 2
  const stopping = new AbortController()
  const along = [askAlong(learner, stopping.signal), labelAlong(lesson, stopping.signal)]
  try {
    const what = { what: 'the approval', timeoutMs: 2 * patienceMs }
    const asked = await candidates.when(version, ({ stage, end }) => stage === 'approval' || end !== undefined, what)
    if (asked.end !== undefined) throw new Error(`version ${version} ended ${asked.end}: ${asked.reason ?? ''}`)
    await candidates.people.decides(approver, 'hold', await candidates.cardWhenShown(version), {
      reason: 'after lunch',
    })
    await candidates.when(version, ({ held }) => held, { what: 'the hold', timeoutMs: patienceMs })
    const evidence = await latestEvidence(stack.db, { bot, version })
    say(
      `version ${version}: ${evidence?.payload.judgement.verdict ?? 'no verdict'}: ${evidence?.payload.judgement.why ?? ''}`,
    )
    await candidates.decides(approver, version, {
      decision: 'promote',
      reason: 'it knows the new team',
      timeoutMs: patienceMs,
    })
    await candidates.when(version, ({ end }) => end === 'promoted', { what: 'the end', timeoutMs: patienceMs })
  } finally {
    stopping.abort()
    await Promise.all(along)
  }
  await keep('rollOutVersion/held-then-promoted', rolloutWorkflowId(bot, version))
}

/** People teach what a new team does, and the bot learns it by itself. */
async function learn(learner: Learner): Promise<void> {
  const { stack, people, candidates, questions, client, keep } = learner
  await people(bot).types(reviewer, `/labels add ${label} ${words}`, { channel: 'C0GENERAL' })
  await eventually(() => stack.db.selectFrom('added_labels').select('id').executeTakeFirst(), {
    timeoutMs: patienceMs,
    what: 'the new label',
  })
  await correctHeldOut(learner)
  const silent = { scene: () => undefined, says: () => undefined, notes: () => undefined }
  const scale = { change: {}, corrections: 10, askEveryMs, note: '' }
  const lesson: Lesson = { stack, narrator: silent, questions, scale, candidates }
  await teach(lesson, await ask(lesson, 'U0EVA', 'who owns the dark theme?', 'C0GENERAL'))
  const { number } = await retrainThatIs(learner, 'succeeded', 0)
  await client.workflow.getHandle(retrainWorkflowId(bot, number)).result()
  await keep('retrainModel/registered', retrainWorkflowId(bot, number))
  await rollOut(learner, lesson)
}

/** A person asks for a retrain, and stops it. */
async function cancel(learner: Learner): Promise<void> {
  const { stack, operator, answers, people, settles, client, keep } = learner
  const answered = await answers(bot, { user: 'U0DINA', text: 'who owns the new logo?' })
  await people(bot).chooses(reviewer, label, answered.post)
  await settles(answered, 'accepted')
  const before = await latestRetrain(learner)
  // Without a trainer it waits until it is stopped.
  await stack.stop('training')
  await operator.post(`/api/bots/${bot}/retrain`, {})
  const { number } = await retrainThatIs(learner, 'running', before)
  await eventually(
    () => stack.db.selectFrom('retrain_slots').select('slot').where('number', '=', number).executeTakeFirst(),
    { timeoutMs: patienceMs, what: 'a frozen dataset' },
  )
  await operator.post(`/api/bots/${bot}/retrains/${number}/cancel`)
  await retrainThatIs(learner, 'cancelled', before)
  await client.workflow.getHandle(retrainWorkflowId(bot, number)).result()
  await keep('retrainModel/cancelled', retrainWorkflowId(bot, number))
  await stack.start('training')
}

/** A reviewer is wrong again and again about what no version may get wrong: the gates stop what learned it, and it is taken back. */
async function failGates(learner: Learner): Promise<void> {
  const { operator, answers, people, settles, client, keep } = learner
  const wrong: Answered[] = []
  for (const end of ['please', 'today', 'now', 'here', 'these days', 'at all']) {
    const answered = await answers(bot, {
      user: 'U0DINA',
      text: `who maintains the data grid ${end}?`,
      channel: 'C0WRONG',
    })
    await people(bot).chooses(reviewer, 'docs', answered.post)
    await settles(answered, 'accepted')
    wrong.push(answered)
  }
  const before = await latestRetrain(learner)
  await operator.post(`/api/bots/${bot}/retrain`, {})
  const { number, outcome } = await retrainThatIs(learner, 'failed', before)
  learner.say(`retrain ${number}: ${outcome ?? ''}`)
  await client.workflow.getHandle(retrainWorkflowId(bot, number)).result()
  await keep('retrainModel/failed-gates', retrainWorkflowId(bot, number))
  for (const answered of wrong) {
    await operator.post(`/api/corrections/${answered.prediction}/decision`, {
      decision: 'revoke',
      reason: 'it was a mistake',
    })
    await settles(answered, 'revoked')
  }
}

export async function learnAndFail(scene: Scene): Promise<void> {
  const questions = await openQuestions(seededRandom(7), { [label]: topics })
  const learner = { ...scene, questions, candidates: candidatesOf(scene.stack, bot) }
  await learn(learner)
  scene.say('team-router has learned a new label')
  await cancel(learner)
  await failGates(learner)
  scene.say('one retrain was stopped by a person, one by the gates')
}
