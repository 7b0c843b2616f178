import { hostname, userInfo } from 'node:os'
import { sql } from 'kysely'
import { repositoryRoot } from '../../infra/local/processes/node-child.ts'
import type { Secrets } from '../../infra/local/start/apps.ts'
import { firstBrokenAuditRow } from '../../store/audit.ts'
import { type Db, openDatabase } from '../../store/db.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Catalog } from '../../test/support/releases/catalog.ts'

/* Before anything is written down for good: everything is there, nothing is that must not be, and it can be restored. */

/** Where rows stand, by table and column: each of these has to be there at least once. `null` is a value too. */
const wanted: Readonly<Record<string, readonly (string | null)[]>> = {
  'messages.outcome': ['answered', 'refused', 'failed', 'expired'],
  'messages.channel': ['slack', 'x', 'http'],
  'messages.intent': ['ask', 'ask-all', 'score-only', 'none'],
  'corrections.state': [
    'open',
    'accepted',
    'confirmed',
    'conflicted',
    'quarantined',
    'rejected',
    'undecided',
    'revoked',
  ],
  'votes.via': ['command', 'button', 'reply', 'shortcut', 'api', 'page'],
  'votes.verdict': ['counted', 'daily-limit', 'superseded', 'too-late'],
  'questions.reason': ['unsure', 'random', 'conflict'],
  'replies.kind': ['choice', 'refusal', 'apology', 'question', 'receipt', 'notice', 'card', 'news'],
  'replies.state': ['sent', 'undeliverable', 'unconfirmed'],
  'roles.role': ['reviewer', 'approver', 'admin'],
  'retrains.state': ['succeeded', 'failed', 'cancelled'],
  'retrains.reason': ['corrections', 'person'],
  'rollouts.ended_as': ['promoted', 'rejected', 'rolled-back', 'failed-gates', 'expired', 'withdrawn', null],
  'evidence.verdict': ['pass', 'inconclusive'],
  'decisions.decision': ['promote', 'hold', 'reject'],
  'decisions.state': ['applied', 'refused'],
  'blind_questions.reason': ['disagreement'],
  'correction_reviews.decision': ['reject', 'quarantine', 'revoke'],
  'dataset_corrections.part': ['train'],
  'assignments.arm': ['canary', 'control'],
}

async function missingRows(db: Db, { tables }: Catalog): Promise<readonly string[]> {
  const missing: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db)
    if (rows.length === 0) missing.push(name)
  }
  for (const [place, values] of Object.entries(wanted)) {
    const [table = '', column = ''] = place.split('.')
    const { rows } = await sql<{
      value: string | null
    }>`select distinct ${sql.ref(column)} as value from ${sql.table(table)}`.execute(db)
    const found = rows.map(({ value }) => value)
    missing.push(...values.filter((value) => !found.includes(value)).map((value) => `${place} = ${value ?? 'null'}`))
  }
  return missing
}

const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(textsIn)
    : typeof value === 'string'
      ? [value]
      : []

/** What tells of this machine, and what opens something. Names and public ids of the simulated apps are no secrets. */
function tellingIn(text: string, secrets: Secrets): readonly string[] {
  const words = new Set(text.split(/[^\w.-]+/))
  const places = [repositoryRoot, `/${userInfo().username}/`, '127.0.0.1', 'localhost']
  const opening = textsIn(secrets).filter((secret) => secret.length >= 20)
  // A host may be called by two letters, which are part of many a digest.
  return [
    ...[...places, ...opening].filter((telling) => text.includes(telling)),
    ...[hostname()].filter((name) => words.has(name)),
  ]
}

async function assertRestorable(schema: string, data: string): Promise<void> {
  const { url, drop } = await createTestDatabase({ empty: true })
  const db = openDatabase(url)
  try {
    await sql.raw(schema).execute(db)
    await sql.raw(data).execute(db)
    const broken = await firstBrokenAuditRow(db)
    if (broken !== undefined) throw new Error(`the audit chain is broken at ${broken}`)
  } finally {
    await db.destroy()
    await drop()
  }
}

/** @throws Error naming everything that is missing, or that must not be there. */
export async function checkRecorded(recorded: {
  readonly db: Db
  readonly catalog: Catalog
  readonly schema: string
  readonly data: string
  readonly secrets: Secrets
}): Promise<void> {
  const { db, catalog, schema, data, secrets } = recorded
  const missing = await missingRows(db, catalog)
  if (missing.length > 0) throw new Error(`nothing is recorded of ${missing.join(', ')}`)
  const telling = tellingIn(`${schema}${data}`, secrets)
  if (telling.length > 0) throw new Error(`${telling.length} things are in it that must not be: ${telling.join(', ')}`)
  await assertRestorable(schema, data)
}
