import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { closeAlerts, raiseAlert } from '../../store/alerts.ts'
import { finishMessage } from '../../store/messages/messages.ts'
import { useDatabase } from '../../test/support/database.ts'
import { keepAnswer, keepMessage } from '../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { listen, signIn } = useOperatorApp(db)
const address: { url?: Promise<string> } = {}

interface Heard {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * Listens as a browser does. `next` is the next event that fits; others before it are left aside. `ever` is one that fits, whenever
 * it came: figures may be told before or after what changed them.
 */
async function listenAs(context: TestContext, cookie: string) {
  const leaving = new AbortController()
  context.after(() => leaving.abort())
  const tooLong = setTimeout(() => leaving.abort(), 60_000)
  context.after(() => clearTimeout(tooLong))
  const url = await (address.url ??= listen())
  const response = await fetch(`${url}/api/live`, {
    headers: { cookie },
    signal: leaving.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const heard: Heard[] = []
  const all: Heard[] = []
  let unread = ''
  const readMore = async (): Promise<void> => {
    const { value = '', done } = (await reader?.read()) ?? { done: true }
    assert.ok(!done, 'the stream is open')
    const parts = (unread + value).split('\n\n')
    unread = parts.pop() ?? ''
    for (const part of parts) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? []
      if (event === undefined || data === undefined) continue
      const one = { event, data: JSON.parse(data) as Heard['data'] }
      heard.push(one)
      all.push(one)
    }
  }
  const ever = async (fits: (heard: Heard) => boolean): Promise<Heard> => {
    for (;;) {
      const found = all.find(fits)
      if (found !== undefined) return found
      await readMore()
    }
  }
  const next = async (fits: (heard: Heard) => boolean): Promise<Heard> => {
    for (;;) {
      const found = heard.find(fits)
      if (found === undefined) {
        await readMore()
        continue
      }
      heard.splice(0, heard.indexOf(found) + 1)
      return found
    }
  }
  return { response, next, ever, heard, leave: () => leaving.abort() }
}

const about = (event: string, id: string) => (heard: Heard) => heard.event === event && heard.data['id'] === id

test('a message is told when it comes and when it ends, with the figures of its bot', async (context) => {
  const { cookie } = await signIn({ '*': 'viewer' })
  const { response, next, ever } = await listenAs(context, cookie)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const id = await keepMessage(db(), { text: 'look' })
  const came = await next(about('message', id))
  assert.deepEqual([came.data['outcome'], came.data['text'], 'cursor' in came.data], [null, 'look', false])
  await keepAnswer(db(), id)
  await finishMessage(db(), id, { outcome: 'answered' })
  const ended = await next((heard) => about('message', id)(heard) && heard.data['outcome'] === 'answered')
  assert.equal((ended.data['answer'] as { label: string }).label, 'fedora')
  const hasMessages = (today: unknown) => (today as { messages: number }).messages >= 1
  await ever(({ event, data }) => event === 'bot' && data['bot'] === 'fedora-finder' && hasMessages(data['today']))
})

test('a message whose row is committed late is told, and nothing is told twice', async (context) => {
  const { cookie } = await signIn({ '*': 'viewer' })
  const { next, heard } = await listenAs(context, cookie)
  const late = await keepMessage(db(), {}, { receivedAt: new Date(Date.now() - 10_000) })
  await next(about('message', late))
  const last = await keepMessage(db())
  await next(about('message', last))
  const after = await keepMessage(db())
  await next(about('message', after))
  assert.deepEqual(
    heard.filter(({ data }) => data['id'] === late || data['id'] === last),
    [],
  )
})

test('corrections and alerts are told as they change, load tests are not', async (context) => {
  const { cookie } = await signIn({ '*': 'viewer' })
  const { next, heard } = await listenAs(context, cookie)
  const synthetic = await keepMessage(db(), { synthetic: true })
  const id = await keepMessage(db())
  await keepAnswer(db(), id)
  await sql`insert into corrections (message_id, bot) values (${id}, 'fedora-finder')`.execute(db())
  const opened = await next(about('correction', id))
  assert.deepEqual([opened.data['state'], opened.data['votes']], ['open', 0])
  await sql`update corrections set state = 'accepted', label = 'no-fedora', decided_by = 'quorum', decided_at = now()
            where message_id = ${id}`.execute(db())
  const decided = await next((each) => about('correction', id)(each) && each.data['state'] !== 'open')
  assert.deepEqual([decided.data['state'], decided.data['label']], ['accepted', 'no-fedora'])
  await raiseAlert(db(), { cause: 'queue', detail: '3 events wait' })
  assert.equal((await next(about('alert', 'queue'))).data['state'], 'open')
  await closeAlerts(db(), ['queue'])
  assert.equal((await next(about('alert', 'queue'))).data['state'], 'closed')
  assert.ok(!heard.some(({ data }) => data['id'] === synthetic))
})

test('people hear of the bots that they have a role with only', async (context) => {
  const { cookie } = await signIn({ 'after-dark': 'viewer' })
  const { next, heard } = await listenAs(context, cookie)
  const other = await keepMessage(db())
  const own = await keepMessage(db(), { bot: 'after-dark', businessKey: 'after-dark.live' })
  const seen = await next(({ event }) => event === 'message')
  assert.equal(seen.data['id'], own)
  assert.ok(!heard.some(({ data }) => data['id'] === other))
})

test('whoever leaves and comes back hears what happens then', async (context) => {
  const { cookie } = await signIn({ '*': 'viewer' })
  const first = await listenAs(context, cookie)
  first.leave()
  const { next } = await listenAs(context, cookie)
  const id = await keepMessage(db())
  await next(about('message', id))
})

test('nobody listens without a session', async () => {
  const url = await (address.url ??= listen())
  assert.equal((await fetch(`${url}/api/live`)).status, 401)
})
