import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { createConversationActivities } from '../../activities/answering/create.ts'
import { createCorrectionActivities } from '../../activities/corrections/create.ts'
import { translateFailures } from '../../activities/failures.ts'
import { createLearningActivities, createTrainingActivities } from '../../activities/learning/create.ts'
import { createPeopleActivities } from '../../activities/people/create.ts'
import { createRolloutActivities } from '../../activities/rollout/create.ts'
import { createInferenceActivities } from '../../activities/scoring/create.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import type { Bot } from '../../domain/bot.ts'
import { conversationsQueue, inferenceQueue, learningQueue, replyKey, trainingQueue } from '../../domain/keys.ts'
import { predictionId } from '../../domain/prediction.ts'
import { loadConfig } from '../../infra/config.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import type { RawExample } from '../../models/datasets/examples.ts'
import { families } from '../../models/families/index.ts'
import { familyOf } from '../../models/family.ts'
import { factsOf } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
import { labelBlind } from '../../store/blind/labels.ts'
import { questionsFor } from '../../store/blind/questions.ts'
import { acceptMessage } from '../../store/messages/messages.ts'
import { sayWarm, versionsToHold } from '../../store/rollouts/warm-versions.ts'
import { botsFolder, loadBots } from '../../workers/bots/bots.ts'
import { learningModels } from '../../workers/learning/learning-models.ts'
import { openNetworks, openVersions } from '../../workers/open-models.ts'
import { registerFirstVersions } from '../../workers/starter/register-versions.ts'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { platform } from '../support/messages/correction-scene.ts'
import { cast, messageInSlack, voteBy } from '../support/messages/corrections.ts'
import { eventually } from '../support/platforms/platform.ts'
import { testSettings } from '../support/settings.ts'
import { letterCounter } from './letters.ts'

const known = { ...families, 'letter-counter': letterCounter }

const description = `name: speller
channels: [slack]
family: letter-counter
labels: [{ id: alpha, words: an alpha word }, { id: omega, words: an omega word }]
policy: primary-then-best
peopleChannel: C0PEOPLE
acceptedPerPersonAndDay: 50
learning: { accepted: 6, people: 1, coolDown: 0s }
rollout:
  { shadowRequests: 4, canary: [{ weight: 0.5, requests: 4 }], evidence: 5, maxWait: 10m, bakeRequests: 2, bake: 1m }
`

interface Ground {
  readonly db: Db
  readonly environment: TestWorkflowEnvironment
  readonly onRelease: (release: () => unknown) => void
}

async function readBot(): Promise<Bot> {
  const folder = await mkdtemp(join(testSettings().folder, 'toy-'))
  await cp(join(botsFolder, 'words.yaml'), join(folder, 'words.yaml'))
  await mkdir(join(folder, 'speller'))
  await writeFile(join(folder, 'speller', 'bot.yaml'), description)
  await assert.rejects(loadBots(families, folder), /family/)
  const [bot] = await loadBots(known, folder)
  assert(bot)
  return { ...bot, rollout: { ...bot.rollout, judgeEveryMs: 100 } }
}

/** Words of its own letters under each label; every third one is held out. */
async function* firstExamples(): AsyncGenerator<RawExample<Uint8Array>> {
  for (const [label, word] of [
    ['alpha', 'abcab'],
    ['omega', 'wyxwy'],
  ] as const)
    for (let index = 0; index < 60; index += 1) {
      const input = Buffer.from(`${word.repeat(1 + (index % 7))} ${index}`)
      const part = index === 0 ? 'golden' : index % 3 === 0 ? 'holdout' : 'train'
      yield await Promise.resolve({ id: `${label}/${index}`, label, vendor: 'us', weight: 1, input, part })
    }
}

/** A bot whose family only this folder knows: everything that its workers are made of. */
export async function openSpeller({ db, environment, onRelease }: Ground) {
  const bot = await readBot()
  const log = pino({ enabled: false })
  const context = { config: loadConfig({}), log, onRelease }
  const blobs = openBlobs(testSettings().blobsUrl)
  const networks = openNetworks(context)
  const runtime = openVersions(context, { families: known, networks, db, blobs })
  const stories = openStories(environment.client)
  const seen = platform()
  const shared = {
    ...{ db, blobs, stories, botOf: () => bot, channelOf: () => seen.channel },
    ...{ at: () => undefined, clock: () => performance.now(), tellCoordinator: stories.tellCoordinator },
    ...{ pageAt: (path: string) => `http://understudy.example${path}`, randomBelow: () => 0 },
    ...{ learnsFrom: () => true, rulesOf: () => bot.corrections, castVote: stories.castVote },
    ...{ predictorOf: runtime.predictorOf, nextCheckAt: () => Promise.resolve(undefined), codeFingerprint: 'test' },
    models: learningModels(known, { assets: networks.assets, runtime }),
  }
  return { db, environment, bot, blobs, networks, runtime, stories, seen, shared }
}

type Speller = Awaited<ReturnType<typeof openSpeller>>

export async function trainFirst({ db, bot, blobs, networks }: Speller): Promise<void> {
  const dataset = await letterCounter.prepare(
    firstExamples(),
    { labels: bot.labels.map(({ id }) => id) },
    networks.assets,
  )
  const task = { bot: bot.name, notes: '', seed: 1 }
  const files = await letterCounter.trainer.train(await networks.tensorflow(), dataset.filesFor({}), task)
  const { datasetFiles } = letterCounter
  const versions = [{ slot: 'main', files, datasetFiles, facts: factsOf(files) }]
  await registerFirstVersions({ db, blobs }, bot, { versions, held: [] })
}

const nobody = () => Promise.reject(new Error('a bot that is asked in words looks at no picture'))

function activitiesOf({ shared, networks }: Speller) {
  const people = createPeopleActivities(shared)
  const downloader = { download: nobody, close: () => Promise.resolve() }
  const decoder = { decode: nobody, pid: () => undefined, close: () => Promise.resolve() }
  return {
    conversations: {
      ...createConversationActivities({ ...shared, downloader, decoder }),
      ...createCorrectionActivities(shared),
    },
    inference: createInferenceActivities({ ...shared, moderator: { model: 'none', judge: nobody } }),
    learning: {
      ...createLearningActivities(shared),
      ...createRolloutActivities({ ...shared, askBlind: people.askBlind }),
      ...people,
    },
    training: createTrainingActivities({
      ...shared,
      trainer: {
        train: async ({ family, dataset, ...task }) =>
          familyOf(known, family).trainer.train(await networks.tensorflow(), dataset, task),
        forget: () => Promise.resolve(),
      },
    }),
  }
}

/** All workers of the product, whose workflow cache is off, and what serves is held warm. */
export async function withWorkers(speller: Speller, during: () => Promise<void>): Promise<void> {
  const { nativeConnection: connection, namespace = 'default' } = speller.environment
  const activities = activitiesOf(speller)
  const interceptors = { activity: [translateFailures(() => undefined)] }
  const shared = { connection, namespace, interceptors, maxHeartbeatThrottleInterval: 100 }
  const stories = { ...shared, workflowBundle, maxCachedWorkflows: 0 }
  const workers = await Promise.all([
    Worker.create({ ...stories, taskQueue: conversationsQueue('slack'), activities: activities.conversations }),
    Worker.create({ ...shared, taskQueue: inferenceQueue, activities: activities.inference }),
    Worker.create({ ...stories, taskQueue: learningQueue, activities: activities.learning }),
    Worker.create({ ...shared, taskQueue: trainingQueue, activities: activities.training }),
  ])
  const warm = async () => {
    await speller.runtime.hold(await versionsToHold(speller.db, [speller.bot.name]))
    await sayWarm(speller.db, 'toy', speller.runtime.warm())
  }
  await warm()
  const warming = setInterval(() => void warm().catch(() => undefined), 300)
  const running = workers.map((worker) => worker.run())
  try {
    await during()
  } finally {
    clearInterval(warming)
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  }
}

/** What people do. */
export function peopleOf({ db, bot: { name: bot, corrections }, stories, seen }: Speller) {
  const ask = async (text: string) => {
    const message = messageInSlack({ bot, text, authorId: `U${randomUUID()}`, businessKey: `${bot}.${randomUUID()}` })
    const accepted = await acceptMessage(db, message, { receivedAt: new Date(), newId: randomUUID() })
    const { id, workflowId } = accepted
    const [place, receivedAt] = [message.address.kind, new Date()]
    await stories.startAnswer({ id, workflowId, bot, channel: 'slack', receivedAt, place, story: 'answer' })
    const isReply = ({ key }: { readonly key: string }) => key === replyKey(workflowId)
    const what = `the answer to ${text}`
    const { text: said } = await eventually(() => Promise.resolve(seen.posts.find(isReply)), {
      timeoutMs: 20_000,
      what,
    })
    return { id, said }
  }
  const correct = async ({ id }: { readonly id: string }, label: string) => {
    const target = { kind: 'prediction', messageId: id, position: 0 } as const
    await stories.castVote(await cast(db, voteBy('REVIEWER', { bot, target, label })))
    return predictionId(target)
  }
  /** Answers every open question about what two versions disagree on, without knowing who said what. */
  const labelAll = async (personId: string, label: string) => {
    for (const { id: questionId } of await questionsFor(db, { bot, personId, limit: 20 }))
      await labelBlind(db, { id: randomUUID(), questionId, personId, label }, corrections)
  }
  return { ask, correct, labelAll }
}
