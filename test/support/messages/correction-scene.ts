import { workflowBundle } from '../../../workers/workflow-bundle.ts'
import type { Client } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { type CorrectionDeps, createCorrectionActivities } from '../../../activities/corrections/create.ts'
import { translateFailures } from '../../../activities/failures.ts'
import type { Bot } from '../../../domain/bot.ts'
import type { Channel, OutgoingReply } from '../../../domain/channel.ts'
import { conversationsQueue, correctionWorkflowId } from '../../../domain/keys.ts'
import type { Db } from '../../../store/db.ts'
import { openStories } from '../../../infra/temporal/stories.ts'
import type { applyCorrection } from '../../../workflows/apply-correction.ts'
import { testBot } from '../bots.ts'
import { answered, bot, cast, voteBy } from './corrections.ts'
import { eventually } from '../platforms/platform.ts'

/** A platform in memory: everything that became visible on it, in order. */
export function platform() {
  const posts: (OutgoingReply & { readonly id: string })[] = []
  const updates: { readonly id: string; readonly text: string }[] = []
  const channel: Channel = {
    send: (reply) => {
      const id = `${1_800_000_000 + posts.length}.000100`
      posts.push({ ...reply, id })
      return Promise.resolve(id)
    },
    find: ({ key }) => Promise.resolve(posts.find((post) => post.key === key)?.id),
    picturesOf: () => Promise.resolve([]),
    update: ({ id, text }) => Promise.resolve(void updates.push({ id, text })),
    openForm: () => Promise.resolve(false),
  }
  return { posts, updates, channel }
}

/** What the activities of corrections are made of: the real store, and a platform in memory. */
export const correctionDeps = (
  db: Db,
  options: { readonly channel: Channel; readonly bot?: Partial<Bot> },
): CorrectionDeps => ({
  rulesOf: () => testBot(options.bot).corrections,
  db,
  botOf: () => testBot({ peopleChannel: 'C0PEOPLE', ...options.bot }),
  channelOf: () => options.channel,
  learnsFrom: () => true,
  tellCoordinator: () => Promise.resolve(),
  pageAt: (path) => `http://understudy.example${path}`,
  at: () => undefined,
  clock: () => performance.now(),
})

type Activities = ReturnType<typeof createCorrectionActivities>

/** Runs a worker of the Slack conversations, whose workflow cache is off, while `during` goes on. */
export async function withCorrectionWorker(
  environment: TestWorkflowEnvironment,
  options: { readonly deps: CorrectionDeps; readonly overrides?: Partial<Activities> },
  during: () => Promise<void>,
): Promise<void> {
  const activities = { ...createCorrectionActivities(options.deps), ...options.overrides }
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    taskQueue: conversationsQueue('slack'),
    workflowBundle,
    maxCachedWorkflows: 0,
    activities,
    interceptors: { activity: [translateFailures(() => undefined)] },
  })
  await worker.runUntil(during())
}

/** A prediction "fedora" on a platform in memory, and people who vote on it. */
export async function correctionScene({ db, client }: { readonly db: Db; readonly client: Client }) {
  const made = await answered(db)
  const seen = platform()
  const deps = correctionDeps(db, { channel: seen.channel })
  const target = { kind: 'prediction', ...made.ref } as const
  const casts = (user: string, label?: string) =>
    cast(db, voteBy(user, { target, ...(label !== undefined && { label }) }))
  const votes = async (user: string, label?: string) => {
    const vote = await casts(user, label)
    await openStories(client).castVote(vote)
    return vote
  }
  const handle = () => client.workflow.getHandle<typeof applyCorrection>(correctionWorkflowId(bot, made.prediction))
  const told = (user: string) =>
    seen.posts.flatMap(({ address, text }) =>
      address.kind === 'slack-ephemeral' && address.userId === user ? [text] : [],
    )
  const verdictsOf = async () => {
    const rows = await db.selectFrom('votes').select('verdict').where('message_id', '=', made.id).execute()
    return rows.map(({ verdict }) => verdict)
  }
  const counted = (count: number) =>
    eventually(async () => (await verdictsOf()).filter(Boolean).length >= count || undefined, {
      timeoutMs: 20_000,
      what: `${count} counted votes`,
    })
  return { ...made, ...seen, deps, casts, votes, handle, told, verdictsOf, counted }
}
