import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gateIds } from '../../domain/rollout/verdict.ts'
import type { GeneratorFamily } from '../family.ts'
import type { GenerateOptions, Generator } from '../model.ts'
import { openTensorflow } from '../tensorflow.ts'
import { openRuntime } from './runtime.ts'

/** Says its prompt backwards, letter by letter. */
const backwards = (disposed: () => void): Generator => ({
  kind: 'generator',
  signature: { inputs: [], outputs: [] },
  async *generate({ prompt, length, signal }: GenerateOptions) {
    for (const letter of Array.from(prompt).toReversed().slice(0, length)) {
      signal?.throwIfAborted()
      yield await Promise.resolve(letter)
    }
  },
  warmUp: () => Promise.resolve(),
  dispose: disposed,
})

function runtimeOfWriters() {
  const events: string[] = []
  const family: GeneratorFamily = {
    kind: 'generator',
    input: { kind: 'none' },
    inputNoun: 'texts',
    assets: [],
    datasetFiles: [],
    gates: gateIds,
    trainer: { version: '1', budgetMs: 1, train: () => Promise.resolve({}) },
    open: () => Promise.resolve(backwards(() => events.push('disposed'))),
  }
  const runtime = openRuntime({
    families: { writer: family },
    tensorflow: () => openTensorflow('auto'),
    assets: { open: () => Promise.reject(new Error('it has none')) },
    read: ({ version }) => Promise.resolve({ family: version === 9 ? 'unknown' : 'writer', files: {} }),
    limits: { maxBatch: 1, maxDelayMs: 0 },
    events: {
      loaded: ({ version }) => events.push(`loaded ${version}`),
      unloaded: ({ version }) => events.push(`unloaded ${version}`),
      failed: ({ version }, error) => events.push(`failed ${version}: ${error instanceof Error ? error.message : ''}`),
    },
    idleMs: 0,
  })
  return { runtime, events }
}

const options = { prompt: 'stressed', length: 5, temperature: 1, seed: 1 }

test('a version that makes texts gives them piece by piece, and ends when it is told to', async () => {
  const { runtime } = runtimeOfWriters()
  const writer = await runtime.served({ bot: 'poet', version: 1 })
  assert(writer.kind === 'generator')
  const pieces: string[] = []
  for await (const piece of writer.generate(options)) pieces.push(piece)
  assert.equal(pieces.join(''), 'desse')
  const abort = new AbortController()
  await assert.rejects(
    async () => {
      for await (const piece of writer.generate({ ...options, signal: abort.signal })) abort.abort(new Error(piece))
    },
    { message: 'd' },
  )
})

test('a version that makes texts is never asked for a label', async () => {
  const { runtime } = runtimeOfWriters()
  await assert.rejects(runtime.predictorOf('poet', 1), /makes texts, and says no label/)
})

test('what is held is loaded, what nobody holds is unloaded, and what does not load is told', async () => {
  const { runtime, events } = runtimeOfWriters()
  await runtime.hold([
    { bot: 'poet', version: 1 },
    { bot: 'poet', version: 9 },
  ])
  assert.deepEqual(runtime.warm(), [{ bot: 'poet', version: 1 }])
  await runtime.hold([{ bot: 'poet', version: 2 }])
  await runtime.close()
  const unknown = 'this program has no model family unknown'
  assert.deepEqual(
    events.map((event) => (event.startsWith('failed') ? event.endsWith(unknown) && 'failed' : event)),
    ['loaded 1', 'failed', 'loaded 2', 'disposed', 'unloaded 1', 'disposed'],
  )
})
