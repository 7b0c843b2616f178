import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { createRolloutActivities, type RolloutDeps } from '../../../activities/rollout/create.ts'
import type { RolloutActivities } from '../../../activities/rollout-contract.ts'
import type { Bot } from '../../../domain/bot.ts'
import { rolloutDefaults, type RolloutNumbers } from '../../../domain/learning/numbers.ts'
import type { DecisionKind } from '../../../domain/rollout/rollout.ts'
import type { Stage } from '../../../domain/serving-set.ts'
import { type DecisionAnswer, requestDecision } from '../../../store/approvals/decisions.ts'
import { recordHoldOrReject } from '../../../store/approvals/record-decision.ts'
import type { Db } from '../../../store/db.ts'
import { assignUnit, unitOf } from '../../../store/rollouts/assignments.ts'
import { recordInputs } from '../../../store/rollouts/replays/recordings.ts'
import { rolloutOf } from '../../../store/rollouts/rollouts.ts'
import { sayWarm } from '../../../store/rollouts/warm-versions.ts'
import { replaceServingSet, servingSetOf } from '../../../store/versions/serving-sets.ts'
import { registerVersion } from '../../../store/versions/versions.ts'
import { testBot } from '../bots.ts'
import { withRole } from '../messages/corrections.ts'
import { keepMessage } from '../messages/kept-messages.ts'

const sha = (digit: number) => String(digit).repeat(64)
const saysFedora = { label: 'fedora', confidence: 0.9, known: true, probabilities: { fedora: 0.9 }, evalMs: 1 }

/** Small enough for a test; the guards are those of production. */
const smallRollout: RolloutNumbers = {
  ...rolloutDefaults,
  replayRequests: 20,
  shadowRequests: 3,
  canary: [
    { weight: 0.5, requests: 3 },
    { weight: 0.8, requests: 3 },
  ],
  judgeEveryMs: 100,
  bakeRequests: 3,
}

/** How one version answers one request: "fedora" when nothing is said. */
export interface Answer {
  readonly label?: string
  readonly confidence?: number
  readonly evalMs?: number
  readonly probabilities?: Readonly<Record<string, number | null>>
  /** It failed. */
  readonly error?: string
  /** It has not answered. */
  readonly silent?: boolean
}

interface Kept {
  readonly messageId: string
  readonly version: number
  readonly stage: Stage
}

async function keepScore(db: Db, { messageId, version, stage }: Kept, said: Answer): Promise<void> {
  if (said.silent === true) return
  const { label = 'fedora', confidence = 0.9, evalMs = 20 } = said
  const other = label === 'fedora' ? 'no-fedora' : 'fedora'
  const probabilities = said.probabilities ?? { [label]: confidence, [other]: 1 - confidence }
  const failed = said.error !== undefined
  await db
    .insertInto('scores')
    .values({
      message_id: messageId,
      slot: 'main',
      version,
      stage,
      input_sha256: sha(0),
      error: said.error ?? null,
      label: failed ? null : label,
      confidence: failed ? null : confidence,
      known: failed ? null : true,
      probabilities: failed ? null : JSON.stringify(probabilities),
      eval_ms: failed ? null : evalMs,
      scored_at: failed ? null : new Date(),
    })
    .execute()
}

async function registerFirst(db: Db, bot: string) {
  const root = randomUUID()
  await sql`insert into datasets (root, bot, family, files, size, label_counts)
            values (${root}, ${bot}, 'picture-classifier', '{}', 10, '{}')`.execute(db)
  const register = (version: number, parent?: number) =>
    db.transaction().execute((trx) =>
      registerVersion(trx, {
        ...{ bot, version, slot: 'main', family: 'picture-classifier', parent, datasetRoot: root, files: {} },
        ...{ weightsSha256: sha(version), labels: ['fedora', 'no-fedora'], preprocessingVersion: 'p1' },
      }),
    )
  await register(1)
  await register(2, 1)
  const live = { slot: 'main', version: 1, stage: 'live', weight: 1, baseline: true } as const
  const set = { policy: 'primary-then-best', members: [live] } as const
  await db.transaction().execute((trx) => replaceServingSet(trx, { bot, set, actor: 'test' }))
  return register
}

/** What people do to a bot with a rollout. */
function people(db: Db, bot: string) {
  const ref = { bot, version: 2 }
  const members = async () => (await servingSetOf(db, bot))?.members ?? []
  /** One message of somebody, which every member of the serving set is asked about. */
  const ask = async (said: Readonly<Record<number, Answer>> = {}): Promise<string> => {
    const author = randomUUID()
    const messageId = await keepMessage(db, { bot, businessKey: `${bot}.${randomUUID()}`, authorId: author })
    const unit = unitOf(bot, author)
    const inputs = [{ position: 0, inputSha256: sha(0) }]
    await recordInputs(db, { messageId, bot, channel: 'x', unit, preprocessingVersion: 'p1', inputs })
    const set = await members()
    const versions = set.filter(({ stage }) => stage === 'canary').map(({ version }) => version)
    await assignUnit(db, { bot, unit, versions })
    for (const { version, stage } of set) await keepScore(db, { messageId, version, stage }, said[version] ?? {})
    return messageId
  }
  return {
    members,
    ask,
    stageOf: async (version: number) => (await members()).find((member) => member.version === version)?.stage,
    /** Somebody labels what they see without knowing who said what. */
    labelBlind: (messageId: string, label: string) =>
      sql`insert into blind_questions (bot, message_id, position, input_sha256, reason, version, labels, closed_at, label)
          values (${bot}, ${messageId}, 0, ${randomUUID()}, 'disagreement', 2, '[]', now(), ${label})`.execute(db),
    approver: () => withRole(db, `U${randomUUID()}`, 'approver', bot),
    stranger: () => withRole(db, `U${randomUUID()}`, 'reviewer', bot),
    request: (decision: DecisionKind, by: { personId: string; evidenceId: string }): Promise<DecisionAnswer> =>
      requestDecision(db, { ...ref, ...by, decision, reason: 'because', newId: randomUUID() }),
  }
}

/** A bot of its own with a live version 1 and a version 2 that nobody knows yet, on real tables; other people are stood in for. */
export async function stagedRollout(
  db: Db,
  overrides: { readonly rollout?: Partial<RolloutNumbers>; readonly promotion?: Bot['promotion'] } = {},
) {
  const name = `bot-${randomUUID().slice(0, 8)}`
  const rollout = { ...smallRollout, ...overrides.rollout }
  const bot = testBot({ name, rollout, promotion: overrides.promotion ?? 'replace', peopleChannel: 'C0PEOPLE' })
  const register = await registerFirst(db, name)
  const ref = { bot: name, version: 2 }
  const deps: RolloutDeps = {
    db,
    botOf: () => bot,
    blobs: { get: () => Promise.resolve(new Uint8Array()) },
    predictorOf: () => Promise.resolve(() => Promise.resolve(saysFedora)),
    askBlind: () => Promise.resolve(0),
    clock: () => performance.now(),
    at: () => undefined,
  }
  const news: string[] = []
  const cards: string[] = []
  const activities = (more: Partial<RolloutDeps> = {}): RolloutActivities => ({
    ...createRolloutActivities({ ...deps, ...more }),
    tellRollout: ({ news: what }) => Promise.resolve(void news.push(what)),
    tellFixers: () => Promise.resolve(news.push('fixers')),
    askBlind: () => Promise.resolve(0),
    showCard: ({ evidenceId }) => Promise.resolve(void cards.push(evidenceId)),
    recordDecision: ({ decisionId }) => recordHoldOrReject(db, decisionId),
  })
  const warm = (versions: readonly number[] = [1, 2]) =>
    sayWarm(
      db,
      `worker-of-${name}`,
      versions.map((version) => ({ bot: name, version })),
    )
  const row = () => rolloutOf(db, ref)
  return { bot: name, ref, register, deps, activities, news, cards, warm, row, ...people(db, name) }
}

export type StagedRollout = Awaited<ReturnType<typeof stagedRollout>>
