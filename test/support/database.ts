import { randomBytes } from 'node:crypto'
import { after, before } from 'node:test'
import pg from 'pg'
import { testSettings } from './settings.ts'
import { type Db, openDatabase } from '../../store/db.ts'

const template = 'understudy_template'

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testSettings().databaseUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A database of one's own, with the schema and the starter model: a copy of the template that the run has made. */
export async function createTestDatabase(
  options: { readonly empty?: boolean } = {},
): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(`create database ${name} template ${options.empty === true ? 'template0' : template}`)
  const url = new URL(testSettings().databaseUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) }
}

/** One database per test file. */
export function useDatabase(options: { readonly empty?: boolean } = {}): () => Db {
  const open: { db?: Db; drop?: () => Promise<void> } = {}
  before(async () => {
    const created = await createTestDatabase(options)
    open.drop = created.drop
    open.db = openDatabase(created.url)
  })
  after(async () => {
    await open.db?.destroy()
    await open.drop?.()
  })
  return () => {
    if (open.db === undefined) throw new Error('the database is made before the tests')
    return open.db
  }
}
