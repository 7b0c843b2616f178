import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ModelNotReady } from '../../domain/errors.ts'
import { createBatcher } from './batcher.ts'

/** Answers with the double, remembers the batches, and fails whole when a negative number is among them. */
function doubling() {
  const batches: (readonly number[])[] = []
  const answer = async (inputs: readonly number[]) => {
    batches.push(inputs)
    await delay(1)
    const bad = inputs.find((input) => input < 0)
    if (bad !== undefined) throw new TypeError(`not ${bad}`)
    return inputs.map((input) => input * 2)
  }
  return { batches, answer }
}

describe('a batcher', () => {
  it('gives everyone their own answer, whatever the sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (inputs, maxBatch) => {
          const { answer, batches } = doubling()
          const batcher = createBatcher(answer, { maxBatch, maxDelayMs: 0 })
          assert.deepEqual(
            await Promise.all(inputs.map((input) => batcher.ask(input))),
            inputs.map((input) => input * 2),
          )
          assert.ok(batches.every((batch) => batch.length <= maxBatch))
          assert.deepEqual(batches.flat(), inputs)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('sends those that come together in one call, and does not wait when it is full', async () => {
    const { answer, batches } = doubling()
    const batcher = createBatcher(answer, { maxBatch: 3, maxDelayMs: 60_000 })
    await Promise.all([1, 2, 3].map((input) => batcher.ask(input)))
    assert.deepEqual(batches, [[1, 2, 3]])
  })

  it('does not let one wait for company longer than it may', async () => {
    const { answer } = doubling()
    const batcher = createBatcher(answer, { maxBatch: 100, maxDelayMs: 5 })
    assert.equal(await batcher.ask(21), 42)
  })

  it('collects the next batch while one is being answered', async () => {
    const { answer, batches } = doubling()
    const batcher = createBatcher(answer, { maxBatch: 8, maxDelayMs: 0 })
    const first = batcher.ask(1)
    await delay(0)
    await Promise.all([first, ...[2, 3, 4].map((input) => batcher.ask(input))])
    assert.ok(batches.length <= 3 && batches.flat().length === 4)
  })

  it('gives the error to the one whose input it is, and answers the others', async () => {
    const { answer } = doubling()
    const batcher = createBatcher(answer, { maxBatch: 4, maxDelayMs: 0 })
    const results = await Promise.allSettled([1, -2, 3, -4].map((input) => batcher.ask(input)))
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error).message)),
      [2, 'not -2', 6, 'not -4'],
    )
  })

  it('is a model that is not ready when answers are missing', async () => {
    const batcher = createBatcher<number, number>(() => Promise.resolve([]), { maxBatch: 2, maxDelayMs: 0 })
    await assert.rejects(batcher.ask(1), ModelNotReady)
  })

  it('ends what it is answering and refuses the rest when it is closed', async () => {
    const { answer } = doubling()
    const batcher = createBatcher(answer, { maxBatch: 1, maxDelayMs: 0 })
    const [running, waiting] = [batcher.ask(1), batcher.ask(2)]
    const refused = assert.rejects(waiting, ModelNotReady)
    await batcher.close()
    assert.equal(await running, 2)
    await refused
    await assert.rejects(batcher.ask(3), ModelNotReady)
  })

  it('cannot be made with batches of nothing', () => {
    assert.throws(() => createBatcher(doubling().answer, { maxBatch: 0, maxDelayMs: 0 }), RangeError)
  })
})
