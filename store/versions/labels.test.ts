import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '../../test/support/database.ts'
import { firstBrokenAuditRow } from '../audit.ts'
import { addedLabels, addLabel } from './labels.ts'
import { ensureLocalAdmin } from '../people/people.ts'

const db = useDatabase()
const newBot = (labels = 2) => ({
  name: `bot-${randomUUID().slice(0, 8)}`,
  labels: Array.from({ length: labels }, (_, index) => ({ id: `label-${index}`, words: `number ${index}` })),
})
const add = async (bot: ReturnType<typeof newBot>, id: string, words = `the ${id} people`) =>
  (await addLabel(db(), { bot, label: { id, words }, actor: await ensureLocalAdmin(db()) }))?.code
const idsOf = async ({ name }: { readonly name: string }) =>
  ((await addedLabels(db())).get(name) ?? []).map(({ id }) => id)

test('a label is added to one bot, in order, each with a row in the audit chain', async () => {
  const [bot, other] = [newBot(), newBot()]
  for (const id of ['zebra', 'design']) assert.equal(await add(bot, id), undefined)
  assert.deepEqual(await idsOf(bot), ['zebra', 'design'])
  assert.deepEqual(await idsOf(other), [])
  const rows = await db().selectFrom('audit').select(['action', 'details']).where('subject', '=', bot.name).execute()
  assert.deepEqual(rows, [
    { action: 'label.added', details: { label: 'zebra' } },
    { action: 'label.added', details: { label: 'design' } },
  ])
  assert.equal(await firstBrokenAuditRow(db()), undefined)
})

test('a label that is refused leaves no row and no audit row', async () => {
  const bot = newBot()
  assert.equal(await add(bot, 'design'), undefined)
  assert.equal(await add(bot, 'design', 'other words'), 'exists')
  assert.equal(await add(bot, 'label-1'), 'exists')
  assert.equal(await add(bot, 'Bad id'), 'bad-id')
  assert.deepEqual(await idsOf(bot), ['design'])
  const rows = await db().selectFrom('audit').select('action').where('subject', '=', bot.name).execute()
  assert.equal(rows.length, 1)
})

test('of many who add at once, each id is added once and a bot never has more than 100', async () => {
  const bot = newBot(98)
  const wishes = ['design', 'design', 'legal', 'legal', 'sales', 'people']
  const codes = await Promise.all(wishes.map((id) => add(bot, id)))
  assert.equal(codes.filter((code) => code === undefined).length, 2)
  const ids = await idsOf(bot)
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(ids.length, 2)
})
