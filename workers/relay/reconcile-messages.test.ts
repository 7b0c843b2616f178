import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { StartableMessage } from '../../store/messages/messages.ts'
import { reconcileMessages } from './reconcile-messages.ts'

const message = (index: number): StartableMessage => ({
  id: `${index}`.padStart(3, '0'),
  workflowId: `answer:pets:x:${index}`,
  bot: 'pets',
  channel: 'x',
  place: 'x-post',
  story: 'answer',
  receivedAt: new Date(index),
})

test('every unfinished message is started again, page by page, and a failing sweep is repeated', async () => {
  const all = Array.from({ length: 45 }, (_, index) => message(index))
  const started = new Set<string>()
  let failures = 1
  const stop = reconcileMessages({
    log: pino({ level: 'silent' }),
    everyMs: 20,
    unfinished: (after, limit) =>
      Promise.resolve(all.filter(({ id }) => after === undefined || id > after.id).slice(0, limit)),
    start: ({ workflowId }) => {
      if (workflowId.endsWith(':30') && failures-- > 0) return Promise.reject(new Error('Temporal is away'))
      started.add(workflowId)
      return Promise.resolve()
    },
  })
  await sleep(120)
  await stop()
  assert.equal(started.size, all.length)
})
