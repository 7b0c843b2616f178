import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { BotState } from '../../../api/contract/bots.ts'
import type { Message, Reply } from '../../../api/contract/messages.ts'
import { fedoraFinder, inputAt, messageId, messageWith, reply } from '../../testing/sample-answers.ts'
import { scriptedInstance, temporaryFolder, understudy } from '../../testing/understudy.ts'

const routes = (message: () => Message, bot: BotState = fedoraFinder) => ({
  'GET /api/bots': () => ({ bots: [bot] }),
  'POST /api/messages': { status: 202, body: { id: messageId, workflowId: 'w' } },
  [`GET /api/messages/${messageId}`]: message,
})
const bodyOf = (asked: readonly { readonly what: string; readonly body: unknown }[]) =>
  asked.find(({ what }) => what === 'POST /api/messages')?.body

test('a picture of the folder that the person is in is sent, and the answer printed with its correction', async (context) => {
  const folder = await temporaryFolder(context)
  await writeFile(join(folder, 'hat.jpg'), 'a hat')
  let looks = 0
  const { home, asked } = await scriptedInstance(
    context,
    routes(() => messageWith((looks += 1) < 3 ? { outcome: null, replies: [], inputs: [] } : {})),
  )
  const args = ['ask', 'fedora-finder', 'is it?', '--picture', 'hat.jpg']
  const { code, stdout, stderr } = await understudy(home, args, { cwd: folder })
  assert.equal(code, 0, stderr)
  assert.deepEqual(bodyOf(asked), {
    bot: 'fedora-finder',
    text: 'is it?',
    pictures: [{ base64: Buffer.from('a hat').toString('base64'), name: 'hat.jpg' }],
  })
  assert.match(stdout, new RegExp(`^fedora: 87 % likely · 4f2a\nwrong\\? understudy fix ${messageId} <label> · 412 ms`))
  assert.equal(stderr, '')
})

test('a wait of more than 2 s is told, and that the bot is paused', async (context) => {
  const begun = performance.now()
  const paused = { ...fedoraFinder, paused: { since: '2026-01-02T03:04:05.000Z', by: 'me' } }
  const open = { outcome: null, replies: [], inputs: [] }
  const { run } = await scriptedInstance(
    context,
    routes(() => messageWith(performance.now() - begun < 6_000 ? open : {}), paused),
  )
  const { code, stderr } = await run('ask', 'fedora-finder', 'hello')
  assert.equal(code, 0)
  assert.equal(stderr, 'waiting for the answer (fedora-finder is paused: understudy resume fedora-finder) …\n')
})

test('no answer in time fails, and says that the message is kept', async (context) => {
  const { run } = await scriptedInstance(
    context,
    routes(() => messageWith({ outcome: null, replies: [], inputs: [] })),
  )
  const { code, stderr } = await run('ask', 'fedora-finder', 'hello', '--timeout', '1')
  assert.equal(code, 1)
  assert.match(stderr, new RegExp(`No answer within 1 s\\.\nIt is kept.*understudy show ${messageId}`))
})

test('each picture of several has a correction of its own, and text is shown harmlessly', async (context) => {
  const lines: Reply = { ...reply, text: 'one: fedora\ntwo: \u001b[31mfedora' }
  const { run } = await scriptedInstance(
    context,
    routes(() => messageWith({ inputs: [inputAt(0), inputAt(1)], replies: [lines] })),
  )
  const { stdout } = await run('ask', 'fedora-finder', '--link', 'https://pictures.example/a.png')
  assert.match(stdout, /one: fedora\ntwo: �\[31mfedora\n/)
  assert.match(stdout, new RegExp(`fix ${messageId} <label>.*\n.*fix ${messageId}_1 <label>`))
})

test('an apology fails, a refusal does not, and --json is the whole message', async (context) => {
  for (const [outcome, kind, expected] of [
    ['failed', 'apology', 1],
    ['expired', 'apology', 1],
    ['refused', 'refusal', 0],
  ] as const) {
    const whole = messageWith({ outcome, inputs: [], replies: [{ ...reply, kind, text: 'sorry' }] })
    const { run } = await scriptedInstance(
      context,
      routes(() => whole),
    )
    const { code, stdout } = await run('ask', 'fedora-finder', 'hello', '--json')
    assert.equal(code, expected, outcome)
    assert.deepEqual(JSON.parse(stdout), whole)
  }
})

test('nothing to ask, and a picture that is not there, are wrong use; nothing is sent', async (context) => {
  const { run, asked } = await scriptedInstance(context, routes(messageWith))
  const nothing = await run('ask', 'fedora-finder')
  assert.equal(nothing.code, 2)
  assert.match(nothing.stderr, /nothing to ask\.\nGive a text/)
  const missing = await run('ask', 'fedora-finder', '--picture', 'no-such.jpg')
  assert.equal(missing.code, 2)
  assert.match(missing.stderr, /no-such\.jpg cannot be read \(ENOENT\)/)
  assert.equal(asked.length, 0)
})
