import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { versionOfAlias } from '../../domain/serving-set.ts'
import { firstBrokenAuditRow } from '../../store/audit.ts'
import { personOf } from '../../store/messages/messages.ts'
import { ensureApprover, ensureReviewer } from '../../store/people/people.ts'
import { openRollout } from '../../store/rollouts/enter-stage.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { families } from '../../models/families/index.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { botsFolderOf } from '../support/bots-folder.ts'
import { atOnce, type Candidates, candidatesOf, evidenceAskedIn, reviews } from '../support/learning/candidates.ts'
import type { SeenPost } from '../support/messages/people.ts'
import { eventually } from '../support/platforms/platform.ts'
import { connectClient } from '../support/namespaces.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { adminToken, operatorOf } from '../whole-way/operator.ts'
import { deliverClick } from '../whole-way/signed-click.ts'
import type { Client } from '@temporalio/client'

/* Every way in which a decision on a version can come at the wrong moment, or from the wrong person: each ends right. */

const bot = 'team-router'
const approver = 'U0DMITRI'
const secondApprover = 'U0CHLOE'
const onSlack = (platformUserId: string) => ({ channel: 'slack', workspace: 'T0SIM', platformUserId }) as const

const open: { stack?: Stack; client?: Client; candidates?: Candidates; folder?: string } = {}
before(async () => {
  open.folder = await botsFolderOf({ [bot]: { like: bot, change: { rollout: atOnce, askShare: 0 } } })
  const services = ['slack simulator', 'api', 'relay', 'conversations', 'inference', 'learning'] as const
  const env = { LOCAL_ADMIN_TOKEN: adminToken, DEMO_APPROVER: approver, LOG_LEVEL: 'warn' }
  open.stack = await startStack({ bots: [bot], botsFolder: open.folder, services, env })
  open.client = await connectClient(open.stack.temporal)
  open.candidates = candidatesOf(open.stack, bot)
  await ensureApprover(open.stack.db, onSlack(secondApprover))
  await ensureReviewer(open.stack.db, onSlack('U0ADA'))
})
after(async () => {
  await open.client?.connection.close()
  await open.stack?.close()
})
const started = <T>(part: T | undefined): T => part ?? assert.fail('it starts before the tests')
const stack = () => started(open.stack)
const candidates = () => started(open.candidates)
const people = () => candidates().people
const operator = () => operatorOf(stack())

interface Waiting {
  readonly version: number
  readonly card: SeenPost
  readonly evidence: string
}

const cardOf = async (version: number): Promise<Waiting> => {
  const card = await candidates().cardWhenShown(version)
  return { version, card, evidence: evidenceAskedIn(card, version) ?? '' }
}

/** A version that waits for its approval. */
async function waiting(change: Parameters<Candidates['register']>[0] = {}): Promise<Waiting> {
  const version = await candidates().register(change)
  await candidates().start(started(open.client), version)
  return cardOf(version)
}

/** A click on the button of a card as it was drawn once. */
const clickOn = ({ card }: Pick<Waiting, 'card'>, user: string, blockId: string, secret?: string) =>
  deliverClick(
    stack(),
    bot,
    { user, channel: card.channel, ts: card.ts, blockId, actionId: 'decide.promote', value: 'promote' },
    secret === undefined ? {} : { secret },
  )

const told = (user: string, text: RegExp) =>
  people().waits(reviews, (seen) => seen.ephemeral && seen.user === user && text.test(seen.text), {
    what: `${user} is told ${text}`,
  })

async function decisionsOn(version: number) {
  const { rows } = await sql<{ state: string; refusal: string | null }>`
    select state, refusal from decisions where bot = ${bot} and version = ${version} order by at`.execute(stack().db)
  return rows
}

/** Nobody's decision is on its way any more. */
const settled = (version: number, count: number) =>
  eventually(
    async () => {
      const rows = await decisionsOn(version)
      return rows.length >= count && rows.every(({ state }) => state !== 'requested') ? rows : undefined
    },
    { timeoutMs: 90_000, what: `${count} decisions on v${version}` },
  )

const auditRows = async (version: number, action: string) =>
  (
    await stack()
      .db.selectFrom('audit')
      .select('seq')
      .where('action', '=', action)
      .where('subject', '=', `${bot}:${version}`)
      .execute()
  ).length

/** One decision holds or none, it has one audit row, the chain is whole, and one version is live. */
async function assertDecided(version: number, decided: 'promoted' | 'rejected' | 'none'): Promise<void> {
  const rows = await decisionsOn(version)
  assert.equal(rows.filter(({ state }) => state === 'applied').length, decided === 'none' ? 0 : 1, JSON.stringify(rows))
  assert.equal(await auditRows(version, 'version.promoted'), decided === 'promoted' ? 1 : 0)
  assert.equal(await auditRows(version, 'rollout.rejected'), decided === 'rejected' ? 1 : 0)
  const set = await servingSetOf(stack().db, bot)
  const live = (set?.members ?? []).filter(({ stage }) => stage === 'live')
  assert.equal(live.length, 1)
  assert.equal(live[0]?.version === version, decided === 'promoted')
  assert.equal(await firstBrokenAuditRow(stack().db), undefined)
}

const promotedAfterAll = (version: number) =>
  candidates().when(version, ({ end }) => end === 'promoted', { what: 'the promotion' })

test('who is no approver, a reviewer too, is told no, alone; nothing changes, and it is audited', async () => {
  const { version, card } = await waiting()
  for (const user of ['U0BEN', 'U0ADA']) {
    await people().decides(user, 'promote', card, { reason: 'I like it' })
    await told(user, /Only approvers/)
  }
  const anonymous = await fetch(`${stack().urls.api}/api/rollouts/${bot}/${version}/decision`, { method: 'POST' })
  assert.equal(anonymous.status, 401)
  assert.equal(await auditRows(version, 'decision.refused'), 2)
  await assertDecided(version, 'none')
  await people().decides(approver, 'reject', await candidates().cardWhenShown(version), { reason: 'not needed' })
  await candidates().when(version, ({ end }) => end === 'rejected', { what: 'the rejection' })
  await assertDecided(version, 'rejected')
})

test('a forged click is turned away at the door; evidence that is made up, or of another version, decides nothing', async () => {
  const { version, card, evidence } = await waiting()
  assert.equal(await clickOn({ card }, approver, `decide:${version}:${evidence}`, 'not-the-secret'), 401)
  assert.equal((await decisionsOn(version)).length, 0)
  assert.equal(await clickOn({ card }, approver, `decide:${version}:${randomUUID()}`), 200)
  assert.equal(await clickOn({ card }, secondApprover, `decide:${version - 1}:${evidence}`), 200)
  await told(approver, /no such evidence/)
  await told(secondApprover, /no such evidence/)
  assert.deepEqual(
    (await settled(version, 1)).map(({ refusal }) => refusal),
    ['unknown-evidence'],
  )
  await assertDecided(version, 'none')
})

test('two clicks at once on one button are one decision', async () => {
  const { version, card } = await waiting()
  await people().decides(approver, 'promote', card, { reason: 'go', clicks: 4 })
  await promotedAfterAll(version)
  await settled(version, 1)
  await assertDecided(version, 'promoted')
})

test('a card whose evidence has changed is redrawn, and decides nothing any more', async () => {
  const { version, card, evidence } = await waiting()
  // A first request turns lights from no data to green, which is new evidence.
  await people().says('U0BEN', '@bot who looks after the date picker?', { channel: 'C0GENERAL' })
  const next = await eventually(
    async () => {
      const now = await cardOf(version)
      return now.evidence === evidence ? undefined : now
    },
    { timeoutMs: 60_000, what: 'a card with new evidence' },
  )
  assert.equal(next.card.ts, card.ts)
  assert.equal(await clickOn({ card }, approver, `decide:${version}:${evidence}`), 200)
  await told(approver, /evidence has changed/)
  await assertDecided(version, 'none')
  const path = `/api/rollouts/${bot}/${version}/decision`
  const decision = { decision: 'promote', reason: 'seen on the page', override: true }
  assert.equal((await operator().post(path, { ...decision, evidenceId: evidence })).status, 409)
  const decided = await operator().post(path, { ...decision, evidenceId: (await cardOf(version)).evidence })
  assert.ok([200, 202].includes(decided.status), JSON.stringify(decided.body))
  await promotedAfterAll(version)
  await assertDecided(version, 'promoted')
})

test('a card that is too old decides nothing, and its rollout ends', async () => {
  const version = await candidates().register()
  const [described] = await loadBots(families, started(open.folder))
  const rollout = described?.rollout ?? assert.fail('the bot is described')
  // The watch looks seldom, so that the click is there before it notices.
  const numbers = { ...rollout, approvalWithinMs: 4_000, judgeEveryMs: 20_000 }
  await openRollout(stack().db, { bot, version, mode: 'replace', numbers })
  await candidates().start(started(open.client), version)
  const { card, evidence } = await cardOf(version)
  await sleep(4_000)
  await clickOn({ card }, approver, `decide:${version}:${evidence}`)
  await told(approver, /This card has expired/)
  await assertDecided(version, 'none')
  await candidates().when(version, ({ end }) => end === 'expired', { what: 'the end' })
  await assertDecided(version, 'none')
})

test('of several approvers at once, in Slack and on the page, one decides and the others are told', async () => {
  const { version, card, evidence } = await waiting()
  const onPage = { evidenceId: evidence, decision: 'promote', reason: 'now', override: true }
  await Promise.all([
    people().decides(approver, 'promote', card, { reason: 'mine' }),
    people().decides(secondApprover, 'promote', card, { reason: 'mine' }),
    operator().post(`/api/rollouts/${bot}/${version}/decision`, onPage),
  ])
  await promotedAfterAll(version)
  const rows = await settled(version, 3)
  assert.equal(rows.filter(({ state }) => state === 'refused').length, 2)
  await assertDecided(version, 'promoted')
  const { rows: losers } = await sql<{ user: string }>`
    select platform_user_id as user from decisions join people on people.id = person_id
    where decisions.bot = ${bot} and version = ${version} and state = 'refused' and people.channel = 'slack'`.execute(
    stack().db,
  )
  for (const { user } of losers) await told(user, /decided/)
})

/** A version that has learned a correction with which these people agreed. */
async function learnedFrom(users: readonly string[]): Promise<string> {
  const asked = await people().says('U0BEN', `@bot which team owns ${randomUUID()}?`, { channel: 'C0GENERAL' })
  const answer = await people().waits('C0GENERAL', (seen) => seen.bot === bot && seen.threadTs === asked)
  for (const user of users) await people().chooses(user, 'infra', answer)
  const { db } = stack()
  const found = await eventually(
    async () => {
      const { rows } = await sql<{ message_id: string; position: number }>`
        select message_id, position from corrections join messages on messages.id = message_id
        where messages.bot = ${bot} and label = 'infra' and state in ('accepted', 'confirmed')
        order by messages.received_at desc limit 1`.execute(db)
      return rows[0]
    },
    { timeoutMs: 60_000, what: 'a settled correction' },
  )
  const root = `${randomUUID()}${randomUUID()}`.replaceAll('-', '')
  await sql`insert into datasets (root, bot, family, files, size, label_counts)
            select ${root}, bot, family, files, size, label_counts from datasets
            where root = ${(await candidates().first()).datasetRoot}`.execute(db)
  await sql`insert into dataset_corrections (root, message_id, position, label, part)
            values (${root}, ${found.message_id}, ${found.position}, 'infra', 'train')`.execute(db)
  return root
}

test('nobody lets on stage what they have taught it themselves; another approver does', async () => {
  const { version, card } = await waiting({ datasetRoot: await learnedFrom([approver, 'U0CHLOE']) })
  await people().decides(approver, 'promote', card, { reason: 'I made it' })
  await told(approver, /contributed/)
  await people().decides(secondApprover, 'promote', card, { reason: 'so did I' })
  await told(secondApprover, /contributed/)
  await assertDecided(version, 'none')
  const third = 'U0ADA'
  await ensureApproverAsWell(third)
  await people().decides(third, 'promote', await candidates().cardWhenShown(version), { reason: 'it is good' })
  await promotedAfterAll(version)
  await assertDecided(version, 'promoted')
})

/** The role of a person who has another one. */
async function ensureApproverAsWell(user: string): Promise<void> {
  const id = await personOf(stack().db, onSlack(user))
  await sql`insert into roles (person_id, bot, role, granted_by) values (${id}, ${bot}, 'approver', 'start')`.execute(
    stack().db,
  )
}

test('processes that die between the click and the change of what serves lose nothing, and nothing is done twice', async () => {
  await stack().stop('learning')
  await stack().start('learning', { KILL_AT: 'rollout.promote.before' })
  const { version, card } = await waiting()
  const before = versionOfAlias((await servingSetOf(stack().db, bot)) ?? assert.fail('it serves'), 'champion')
  // The door takes the click while nobody hands it on.
  await stack().stop('relay')
  await people().decides(approver, 'promote', card, { reason: 'go' })
  assert.equal((await decisionsOn(version)).length, 0)
  await stack().start('relay')
  await stack().ended('learning')
  assert.equal(versionOfAlias((await servingSetOf(stack().db, bot)) ?? assert.fail('it serves'), 'champion'), before)
  await stack().start('learning')
  await promotedAfterAll(version)
  await settled(version, 1)
  await assertDecided(version, 'promoted')
})
