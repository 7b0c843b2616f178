import { pathToFileURL } from 'node:url'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { migrate } from '../../store/migrate.ts'
import { botsFolderOf } from '../../test/support/bots-folder.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { adminToken } from '../../test/whole-way/operator.ts'
import { families } from '../../models/families/index.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { makeSmallBots } from './small-bots.ts'

export const approver = 'U0DMITRI'
export const reviewer = 'U0ADA'
/** Where nobody may post any more. */
export const closedChannel = 'C0CLOSED'
/** Whatever else goes on at the machine. */
export const patienceMs = 180_000

/** Few and small numbers, so that a recording takes minutes. */
const bots = {
  // Sure of everything, so that people are asked about its answers only when they contradict each other.
  'fedora-finder': { like: 'fedora-finder', change: { unsureBelow: 0 } },
  'after-dark': { like: 'after-dark', change: { peopleChannel: closedChannel } },
  'team-router': {
    like: 'team-router',
    change: {
      acceptedPerPersonAndDay: 3,
      askShare: 0.2,
      questionsPerDay: 500,
      learning: { accepted: 10 },
      rollout: {
        ...{ shadowRequests: 3, canary: [{ weight: 0.5, requests: 3 }], evidence: 5 },
        ...{ maxWait: '10m', approvalWithin: '1h', bakeRequests: 3, bake: '1m' },
      },
    },
  },
} as const
export type BotName = keyof typeof bots

const services = ['x simulator', 'api', 'relay', 'conversations', 'inference', 'learning', 'training'] as const

/** The product on an empty database, whose bots begin with versions that learned from a handful of examples. */
export async function startSmallStack(say: (line: string) => void): Promise<Stack> {
  const botsFolder = await botsFolderOf(bots)
  const database = await createTestDatabase({ empty: true })
  const stack = await startStack({
    ...{ botsFolder, bots: Object.keys(bots), databaseUrl: database.url, services: ['slack simulator'] },
    env: { LOCAL_ADMIN_TOKEN: adminToken, DEMO_APPROVER: approver, DEMO_REVIEWER: reviewer, LOG_LEVEL: 'warn' },
  })
  await migrate(stack.db)
  const blobs = openBlobs(pathToFileURL(stack.blobsFolder).href)
  await makeSmallBots({ db: stack.db, blobs, botsFolder }, await loadBots(families, botsFolder))
  say('the bots have their first versions')
  for (const name of services) await stack.start(name)
  return stack
}
