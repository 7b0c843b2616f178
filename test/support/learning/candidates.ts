import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Client } from '@temporalio/client'
import { sql } from 'kysely'
import { openBlobs } from '../../../adapters/blobs/files.ts'
import { learningQueue, rolloutWorkflowId } from '../../../domain/keys.ts'
import type { DecisionKind, RolloutStage } from '../../../domain/rollout/rollout.ts'
import type { VersionFiles } from '../../../models/files.ts'
import { rolloutOf, type StoredRollout } from '../../../store/rollouts/rollouts.ts'
import { type Lineage, type ModelVersion, registerVersion, versionsOf } from '../../../store/versions/versions.ts'
import type { rollOutVersion } from '../../../workflows/roll-out-version.ts'
import { type People, peopleOf, type SeenPost } from '../messages/people.ts'
import { eventually } from '../platforms/platform.ts'
import type { Stack } from '../stack.ts'

/** Where evidence cards and news of rollouts are posted. */
export const reviews = 'C0REVIEWS'

/** Numbers with which a rollout asks for its approval as soon as its version is warm, with an inconclusive verdict. */
export const atOnce = {
  shadowRequests: 0,
  canary: [{ weight: 0.5, requests: 0 }],
  maxWait: '1s',
  approvalWithin: '10m',
  bakeRequests: 0,
  bake: '1s',
} as const

/** What makes a candidate another version than the one it is made of. */
export interface Change {
  readonly files?: VersionFiles
  readonly weightsSha256?: string
  readonly labels?: readonly string[]
  readonly trainerVersion?: string
  readonly datasetRoot?: string
}

/** Versions of a bot that are made without training, and their rollouts. */
export interface Candidates {
  readonly people: People
  readonly first: () => Promise<ModelVersion>
  readonly filesOf: (version: ModelVersion) => Promise<VersionFiles>
  /** Registers a version that is as the first one but for the change. @returns its number. */
  readonly register: (change?: Change) => Promise<number>
  readonly start: (client: Client, version: number) => Promise<void>
  readonly rollout: (version: number) => Promise<StoredRollout | undefined>
  /** The rollout, once it is as `fits` wants it. */
  readonly when: (
    version: number,
    fits: (rollout: StoredRollout) => boolean,
    options: { readonly what: string; readonly timeoutMs?: number },
  ) => Promise<StoredRollout>
  /** The evidence card of a version that asks for a decision, if it is there. */
  readonly card: (version: number) => Promise<SeenPost | undefined>
  readonly cardWhenShown: (version: number) => Promise<SeenPost>
  /** Clicks on whatever card there is until the rollout goes on: a click on a card that was just drawn anew is refused. */
  readonly decides: (user: string, version: number, given: Given) => Promise<void>
}

/** A decision that is made until it holds. */
interface Given {
  readonly decision: Exclude<DecisionKind, 'hold'>
  readonly reason: string
  readonly timeoutMs?: number
}

const goesOn: ReadonlySet<RolloutStage> = new Set(['bake', 'done'])
const clickEveryMs = 3_000

const lineageOf = (trainerVersion: string): Lineage => ({
  retrain: 0,
  reason: 'person',
  author: null,
  seed: 1,
  trainerVersion,
  machine: 'none',
  libraries: {},
  parent: 1,
  newCorrections: 0,
  codeFingerprint: 'none',
})

/** The evidence that a card asks about, from the name of its buttons; `undefined` when it asks no more. */
export function evidenceAskedIn(card: SeenPost, version: number): string | undefined {
  const start = `decide:${version}:`
  return card.blocks.find(({ block_id }) => block_id?.startsWith(start))?.block_id?.slice(start.length)
}

const longMs = 90_000

export function candidatesOf(stack: Stack, bot: string): Candidates {
  const { db } = stack
  const blobs = openBlobs(pathToFileURL(stack.blobsFolder).href)
  const people = peopleOf(stack.urls.slack, { name: bot, userId: stack.secrets.bots[bot]?.slack.botUserId ?? '' })
  const first = async () => {
    const [version] = await versionsOf(db, bot)
    if (version === undefined) throw new Error(`${bot} has a first version`)
    return version
  }
  const filesOf: Candidates['filesOf'] = async ({ files }) => {
    const read = Object.entries(files).map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const)
    return Object.fromEntries(await Promise.all(read))
  }
  const kept = async (files: VersionFiles) => {
    const put = Object.entries(files).map(async ([name, bytes]) => [name, await blobs.put(bytes)] as const)
    return Object.fromEntries(await Promise.all(put))
  }
  const rollout = (version: number) => rolloutOf(db, { bot, version })
  const card: Candidates['card'] = async (version) =>
    (await people.sees(reviews)).find((seen) => seen.bot === bot && evidenceAskedIn(seen, version) !== undefined)
  return {
    people,
    first,
    filesOf,
    register: async ({ files = {}, trainerVersion = 'test', ...change } = {}) => {
      const base = await first()
      const own = await kept(files)
      return db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${`versions:${bot}`}, 0))`.execute(trx)
        const version = Math.max(...(await versionsOf(trx, bot)).map((each) => each.version)) + 1
        const made = { ...base, ...change, files: { ...base.files, ...own }, lineage: lineageOf(trainerVersion) }
        await registerVersion(trx, { ...made, version, parent: base.version })
        return version
      })
    },
    start: async (client, version) => {
      await client.workflow.start<typeof rollOutVersion>('rollOutVersion', {
        workflowId: rolloutWorkflowId(bot, version),
        taskQueue: learningQueue,
        args: [{ bot, version, demo: false }],
      })
    },
    rollout,
    when: (version, fits, { what, timeoutMs = longMs }) =>
      eventually(
        async () => {
          const found = await rollout(version)
          return found !== undefined && fits(found) ? found : undefined
        },
        { timeoutMs, what: `${what} of ${bot} v${version}` },
      ),
    card,
    cardWhenShown: (version) =>
      eventually(() => card(version), { timeoutMs: longMs, what: `the card of ${bot} v${version}` }),
    decides: (user, version, { decision, reason, timeoutMs = longMs }) =>
      eventually(
        async () => {
          const shown = await card(version)
          // Between our look and our click it may be drawn anew.
          if (shown) await people.decides(user, decision, shown, { reason }).catch(() => undefined)
          await sleep(clickEveryMs)
          const found = await rollout(version)
          return found !== undefined && goesOn.has(found.stage) ? true : undefined
        },
        { timeoutMs, what: `${decision} of ${bot} v${version}` },
      ).then(() => undefined),
  }
}
