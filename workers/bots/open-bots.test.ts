import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { loadConfig } from '../../infra/config.ts'
import { openDatabase } from '../../store/db.ts'
import { addLabel } from '../../store/versions/labels.ts'
import { ensureLocalAdmin } from '../../store/people/people.ts'
import { testBot } from '../../test/support/bots.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { holdBots, openBots } from './open-bots.ts'

const created = await createTestDatabase()
const db = openDatabase(created.url)
const releases: (() => unknown)[] = []
after(async () => {
  for (const release of releases.reverse()) await release()
  await db.destroy()
  await created.drop()
})

const own = [testBot(), testBot({ name: 'after-dark' })]
const bot = own[0] ?? assert.fail('there is one')
const idsOf = (bots: Pick<ReturnType<typeof holdBots>, 'named'>, name = bot.name) =>
  bots.named(name)?.labels.map(({ id }) => id) ?? []
const add = async (id: string) =>
  addLabel(db, { bot, label: { id, words: `a ${id}` }, actor: await ensureLocalAdmin(db) })
const opened = () =>
  openBots(
    {
      config: loadConfig({ DATABASE_URL: created.url }),
      log: pino({ level: 'silent' }),
      onRelease: (release) => void releases.push(release),
    },
    db,
    own,
  )

test('every process sees a label that one of them adds, and one that starts later does too', async () => {
  const processes = await Promise.all([opened(), opened()])
  const [before] = processes.map((bots) => bots.named(bot.name))
  assert.equal(await add('beret'), undefined)
  for (const bots of processes)
    await eventually(() => Promise.resolve(idsOf(bots).includes('beret') || undefined), {
      timeoutMs: 10_000,
      what: 'the label in another process',
    })
  assert.deepEqual(idsOf(await opened()), ['fedora', 'no-fedora', 'beret'])
  assert.deepEqual(idsOf(await opened(), 'after-dark'), ['fedora', 'no-fedora'])
  // Whoever holds a bot holds it as it was: it is replaced, never changed.
  assert.deepEqual(before?.labels, bot.labels)
})

test('a label of which no word came is found by the next look', async () => {
  const bots = await opened()
  const person = await ensureLocalAdmin(db)
  await sql`insert into added_labels (bot, id, words, added_by) values (${bot.name}, 'cap', 'a cap', ${person})`.execute(
    db,
  )
  await eventually(() => Promise.resolve(idsOf(bots).includes('cap') || undefined), {
    timeoutMs: 15_000,
    what: 'the label without a NOTIFY',
  })
})

test('when the added labels cannot be read, the bots stay as they were', async () => {
  const bots = holdBots(db, own)
  await bots.refresh()
  const known = idsOf(bots)
  const broken = openDatabase('postgres://nobody@127.0.0.1:9/none', { poolSize: 1 })
  await assert.rejects(holdBots(broken, own).refresh())
  await sql`alter table added_labels rename to elsewhere`.execute(db)
  await assert.rejects(bots.refresh())
  await sql`alter table elsewhere rename to added_labels`.execute(db)
  assert.deepEqual(idsOf(bots), known)
  await broken.destroy()
})
