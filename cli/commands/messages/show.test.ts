import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Correction } from '../../../api/contract/corrections.ts'
import { inputAt, messageId, messageWith, vote, workflowId } from '../../testing/sample-answers.ts'
import { scriptedInstance, temporaryFolder } from '../../testing/understudy.ts'

const find = (q: string) => `GET /api/find?${new URLSearchParams({ q }).toString()}`
const whole = `GET /api/messages/${messageId}`

test('a message is a page with its scores, its choice, its reply and its steps in order', async (context) => {
  const correction: Correction = {
    ...{ state: 'accepted', label: 'no-fedora', decidedBy: 'reviewer', needed: 2 },
    votes: [vote('no-fedora', 'counted')],
  }
  const message = messageWith({ inputs: [inputAt(0, correction)] })
  const { run } = await scriptedInstance(context, {
    [find(workflowId)]: () => ({ messages: [message] }),
    [whole]: () => message,
  })
  const { code, stdout } = await run('show', workflowId)
  assert.equal(code, 0)
  const expected = [
    'fedora-finder on x: answered in 412 ms',
    workflowId,
    '“what is this?”',
    'Picture 1, 512 × 384',
    '87 %  fedora  main 1 (champion), 12 ms',
    'choice: fedora 87 % of main 1 by primary-then-best: the primary answered in time',
    'correction: accepted, no-fedora (1 votes)',
    'fedora: 87 % likely · 4f2a',
    '-100 ms  sent by the person',
    '+0 ms  received',
    '+200 ms  main 1 scored: fedora 87 %',
    '+412 ms  choice sent',
    '+55.0 s  a vote by api: no-fedora, counted',
  ]
  let from = 0
  for (const words of expected) {
    const at = stdout.indexOf(words, from)
    assert.ok(at >= 0, `${words} comes after what is before it in:\n${stdout}`)
    from = at + words.length
  }
})

test('the log lines that name the message are shown in order of time, those of others are not', async (context) => {
  const folder = await temporaryFolder(context)
  const line = (time: number, fields: object) => JSON.stringify({ level: 40, time, process: 'p', ...fields })
  const files = {
    relay: [line(1_000, { msg: 'started', workflowId }), line(1_500, { msg: 'somebody else', workflowId: 'other' })],
    conversations: [line(500, { msg: 'first', message: messageId }), `not JSON ${messageId}`, '{"half'],
  }
  for (const [name, lines] of Object.entries(files)) await writeFile(join(folder, `${name}.log`), lines.join('\n'))
  const processes = [...Object.keys(files), 'gone'].map((name) => ({ name, log: join(folder, `${name}.log`) }))
  const { run } = await scriptedInstance(context, { [whole]: () => messageWith() }, { processes })
  const { stdout } = await run('show', messageId)
  const log = stdout.slice(stdout.indexOf('Log\n'))
  assert.match(
    log,
    /not JSON[^]*00:00:00\.500 conversations warn first[^]*00:00:01\.000 relay warn started workflowId=answer/,
  )
  assert.doesNotMatch(log, /somebody else/)
  const asJson = JSON.parse((await run('show', messageId, '--json')).stdout) as {
    message: unknown
    log: readonly unknown[]
  }
  assert.deepEqual(asJson.message, messageWith())
  assert.equal(asJson.log.length, 3)
})

test('text that people wrote is shown harmlessly', async (context) => {
  const message = messageWith({ text: 'look \u001b[2J\u202egnp.exe' })
  const { run } = await scriptedInstance(context, { [whole]: () => message })
  const { stdout } = await run('show', messageId)
  assert.match(stdout, /“look �\[2J�gnp\.exe”/)
})

test('a message that failed comes with the next command', async (context) => {
  const message = messageWith({ outcome: 'failed', outcomeReason: 'retries', inputs: [], replies: [] })
  const { run } = await scriptedInstance(context, { [whole]: () => message })
  assert.match(
    (await run('show', messageId)).stdout,
    new RegExp(`failed \\(retries\\)[^]*next: understudy retry ${messageId}`),
  )
})

test('words that name nothing, and words that name several, are told apart', async (context) => {
  const other = messageWith({ id: messageId.replace('7', '8') })
  const { run } = await scriptedInstance(context, {
    [find('nothing')]: () => ({ messages: [] }),
    [find('several')]: () => ({ messages: [messageWith(), other] }),
  })
  const none = await run('show', 'nothing')
  assert.equal(none.code, 1)
  assert.match(none.stderr, /Nothing is known by nothing/)
  const several = await run('show', 'several')
  assert.equal(several.code, 2)
  assert.match(several.stderr, new RegExp(`${messageId}[^]*${other.id}[^]*Name one of them`))
})
