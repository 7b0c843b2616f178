import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import type { Retrain } from '../../../api/contract/learning.ts'
import type { BlindQuestion, BlindQuestions, blindLabelTaken } from '../../../api/contract/questions.ts'
import type { rebuild, Rebuilt, Replay, replayStarted } from '../../../api/contract/replays.ts'
import type { decided, rolledBack, RolloutDetail } from '../../../api/contract/rollouts.ts'
import { fedoraFinder } from '../../testing/sample-answers.ts'
import {
  evidenceId,
  hash,
  learningWith,
  reportWith,
  retrainWith,
  rollout,
  version,
} from '../../testing/sample-learning.ts'
import { scriptedInstance } from '../../testing/understudy.ts'

const one = 'GET /api/rollouts/fedora-finder/4'
const decision = 'POST /api/rollouts/fedora-finder/4/decision'
/** A rebuild that has ended. */
const rebuiltAs = (id: string, result: Rebuilt): z.infer<typeof rebuild> => ({ id, state: 'done', result })
const bots = { 'GET /api/bots': () => ({ bots: [fedoraFinder] }) }

test('approve decides on the newest evidence, and says on which', async (context) => {
  const { run, asked } = await scriptedInstance(context, {
    [one]: () => rollout,
    [decision]: (): z.infer<typeof decided> => ({ decisionId: evidenceId, state: 'applied' }),
  })
  const { code, stdout } = await run('approve', 'fedora-finder', 'v4', '--reason', 'reads berets')
  assert.deepEqual(
    [code, stdout],
    [0, 'Version 4 of fedora-finder is promoted, on the evidence abababababab (pass).\n'],
  )
  const sent = { evidenceId, decision: 'promote', reason: 'reads berets', override: false }
  assert.deepEqual(asked.at(-1)?.body, sent)
})

test('approve and reject need a reason, a number and evidence, and tell what the API refuses', async (context) => {
  const refusal = { title: 'You have contributed corrections', detail: 'The decision was refused: own-data.' }
  const { run } = await scriptedInstance(context, {
    [one]: () => rollout,
    [decision]: { status: 403, body: refusal },
    'GET /api/rollouts/fedora-finder/5': (): RolloutDetail => ({ ...rollout, version: 5, evidence: null }),
  })
  assert.equal((await run('approve', 'fedora-finder', '4')).code, 2)
  assert.equal((await run('reject', 'fedora-finder', 'four', '--reason', 'no')).code, 2)
  const refused = await run('reject', 'fedora-finder', '4', '--reason', 'no')
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /You have contributed/)
  assert.doesNotMatch(refused.stderr, /admin|doctor/)
  assert.match((await run('approve', 'fedora-finder', '5', '--reason', 'yes')).stderr, /no evidence to decide on yet/)
})

test('a card that changed, or a rollout that is not there, leads to the rollouts of the bot', async (context) => {
  const { run } = await scriptedInstance(context, {
    [one]: () => rollout,
    [decision]: { status: 409, body: { title: 'The evidence has changed', detail: 'Refused: stale.' } },
    'POST /api/bots/fedora-finder/rollback': { status: 409, body: { title: 'There is nothing to take back.' } },
  })
  const next = /\nSee: understudy rollouts fedora-finder\n$/
  assert.match((await run('approve', 'fedora-finder', '4', '--reason', 'yes')).stderr, next)
  assert.match((await run('approve', 'fedora-finder', '9', '--reason', 'yes')).stderr, next)
  assert.match((await run('rollback', 'fedora-finder', '--reason', 'no')).stderr, /See: understudy versions/)
})

test('rollback says what answers now, and passes on which version is meant', async (context) => {
  const { run, asked } = await scriptedInstance(context, {
    'POST /api/bots/fedora-finder/rollback': (): z.infer<typeof rolledBack> => ({ from: 4, to: 3 }),
  })
  const { code, stdout } = await run('rollback', 'fedora-finder', '--to', '3', '--reason', 'bad')
  assert.deepEqual([code, stdout], [0, 'Version 4 of fedora-finder is taken back. Version 3 is answering.\n'])
  assert.deepEqual(asked.at(-1)?.body, { reason: 'bad', to: 3 })
  assert.deepEqual(JSON.parse((await run('rollback', 'fedora-finder', '--reason', 'bad', '--json')).stdout), {
    from: 4,
    to: 3,
  })
})

test('rollouts shows the verdict, the lights that are not green, and the next step', async (context) => {
  const { run } = await scriptedInstance(context, { 'GET /api/rollouts?active=false': () => ({ rollouts: [rollout] }) })
  const { code, stdout } = await run('rollouts')
  assert.equal(code, 0)
  assert.match(
    stdout,
    /fedora-finder v4 against v3: approval\n +pass: It was right[^]*yellow latency[^]*next: understudy approve fedora-finder 4/,
  )
})

test('rebuild ends with 1 and says what differs when the weights are others', async (context) => {
  const result: Rebuilt = {
    outcome: 'different',
    expected: hash,
    weightsSha256: 'cd'.repeat(32),
    differs: ['weights: was ab, is cd'],
  }
  const { run } = await scriptedInstance(context, {
    'POST /api/versions/fedora-finder/2/rebuild': () => ({ id: 'rebuild:fedora-finder:2' }),
    'GET /api/rebuilds/rebuild%3Afedora-finder%3A2': () => rebuiltAs('rebuild:fedora-finder:2', result),
    'POST /api/versions/fedora-finder/3/rebuild': () => ({ id: 'three' }),
    'GET /api/rebuilds/three': () =>
      rebuiltAs('three', { ...result, outcome: 'same', weightsSha256: hash, differs: [] }),
  })
  const differs = await run('rebuild', 'fedora-finder', '2')
  assert.equal(differs.code, 1)
  assert.match(differs.stdout, /differs +weights: was ab, is cd/)
  assert.equal((await run('rebuild', 'fedora-finder', '3')).code, 0)
})

test('replay prints agreement, noise floor, fixed, broke, churn and the hash, and fails with its verdict', async (context) => {
  const report = reportWith({
    ...{ against: 3, from: '2026-01-01T00:00:00.000Z', to: '2026-01-08T00:00:00.000Z', requests: 40, agreement: 0.9 },
    ...{ noiseFloor: 1, errors: 0, fixedCount: 3, brokeCount: 1, churnCount: 1, p95Ms: 31, cpuSecondsPer1000: 2.5 },
    churn: [{ prediction: evidenceId, champion: 'fedora', challenger: 'no-fedora', input: null }],
    ...{ hash, verdict: 'pass', why: 'it agrees', otherPreprocessing: 2, older: 3_000, fixedLearned: 2 },
  })
  const { run, asked } = await scriptedInstance(context, {
    'POST /api/replays': (): z.infer<typeof replayStarted> => ({ id: evidenceId, recorded: 5_000, most: 2_000 }),
    [`GET /api/replays/${evidenceId}`]: (): Replay => ({ id: evidenceId, state: 'done', progress: null, report }),
  })
  const words = ['--version', '4', '--since', '7d', '--until', '2099-01-01']
  const { code, stdout, stderr } = await run('replay', '--bot', 'fedora-finder', ...words)
  assert.equal(code, 0, stderr)
  assert.match(stderr, /5,000 requests were recorded; the newest 2,000 are played/)
  assert.match(stdout, /left out +3,000 older ones/)
  assert.match(stdout, /left out +2 that were prepared by other rules/)
  assert.match(
    stdout,
    /agreement +90 %\nnoise floor +100 %[^]*fixed +3, 2 of which one of both was trained on\nbroke +1[^]*fedora → no-fedora\nreport +abab/,
  )
  const { since, until } = asked[0]?.body as { readonly since: string; readonly until: string }
  assert.ok(Date.parse(since) < Date.now() - 6 * 86_400_000)
  assert.equal(until, '2099-01-01T00:00:00.000Z')
  assert.equal((await run('replay', '--bot', 'a', '--version', '4', '--since', 'soon')).code, 2)
})

test('a version needs no bot where only one has learned it; else the bots are named', async (context) => {
  const all = [version('a', 1, null), version('b', 1, null), version('b', 2, 1), version('a', 3, null)]
  const { run, asked } = await scriptedInstance(context, {
    'GET /api/versions': () => ({ versions: [...all, version('b', 3, 2), version('a', 4, 3), version('b', 4, 3)] }),
  })
  const called = async (...args: readonly string[]) => {
    const { code, stderr } = await run(...args)
    return [code, stderr.split('\n')[0], asked.at(-1)?.what]
  }
  assert.deepEqual((await called('rebuild', '2'))[2], 'POST /api/versions/b/2/rebuild')
  assert.deepEqual((await called('rebuild', '3'))[2], 'POST /api/versions/b/3/rebuild')
  await called('replay', '--version', '2', '--since', '7d')
  assert.deepEqual((asked.at(-1)?.body as { readonly bot: string }).bot, 'b')
  assert.deepEqual((await called('replay', '--version', '4')).slice(0, 2), [
    2,
    'There is a version 4 of a, b: name one.',
  ])
  assert.deepEqual((await called('rebuild', '9')).slice(0, 2), [2, 'No bot has a version 9.'])
  assert.match((await run('rebuild', 'b', '9')).stderr, /See: understudy versions b/)
})

test('label lists the questions where nobody can press a key, and answers one by its id', async (context) => {
  const question: BlindQuestion = {
    ...{ id: evidenceId, bot: 'fedora-finder', version: 4, reason: 'random', askedAt: '2026-01-01T00:00:00Z' },
    input: { kind: 'text', text: 'a hat' },
    labels: fedoraFinder.labels,
  }
  const { run, asked } = await scriptedInstance(context, {
    ...bots,
    'GET /api/labels?bot=fedora-finder': (): BlindQuestions => ({
      questions: [question],
      progress: { open: 1, labelledToday: 0, byMe: 0 },
    }),
    [`POST /api/labels/${evidenceId}`]: (): z.infer<typeof blindLabelTaken> => ({
      state: 'closed',
      votes: 2,
      needed: 2,
    }),
  })
  assert.match((await run('label', 'fedora-finder')).stdout, /1 open[^]*a hat/)
  const noted = await run('label', 'fedora-finder', '--question', evidenceId, '--answer', 'cannot-tell')
  assert.deepEqual([noted.code, asked.at(-1)?.body], [0, { label: null }])
  assert.equal((await run('label', 'fedora-finder', '--answer', 'fedora')).code, 2)
})

test('a retrain that runs is stopped; where none runs that is said', async (context) => {
  const retrains: Retrain[] = [retrainWith({ number: 7, reason: 'person', state: 'running' })]
  const { run, asked } = await scriptedInstance(context, {
    ...bots,
    'GET /api/learning': () => ({ bots: [learningWith({ retrains })] }),
    'POST /api/bots/fedora-finder/retrains/7/cancel': () => ({ number: 7 }),
  })
  assert.match((await run('retrain', 'fedora-finder', '--cancel')).stdout, /^Retrain 7 stops\./)
  assert.deepEqual(asked.filter(({ what }) => what.startsWith('POST')).length, 1)
  retrains.length = 0
  assert.match((await run('retrain', 'fedora-finder', '--cancel')).stderr, /fedora-finder is not learning now/)
  assert.equal((await run('retrain', 'fedora-finder', '--cancel', '--demo')).code, 2)
})

test('retrain says what the bot waits for, and with --wait how it ended', async (context) => {
  const retrain = retrainWith({ outcome: 'version 2 learned' })
  const looks = { count: 0 }
  const { run, asked } = await scriptedInstance(context, {
    ...bots,
    'GET /api/learning': () => ({
      bots: [learningWith({ wait: '7 of 20 corrections', retrains: looks.count++ === 0 ? [] : [retrain] })],
    }),
    'POST /api/bots/fedora-finder/retrain': () => ({ key: 'k' }),
  })
  const ended = await run('retrain', 'fedora-finder', '--demo', '--wait')
  assert.equal(ended.code, 0)
  assert.match(ended.stdout, /Retrain 1 succeeded: version 2 learned/)
  assert.deepEqual(asked.find(({ what }) => what.startsWith('POST'))?.body, { demo: true })
})
