import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RawExample } from '../../models/datasets/examples.ts'
import { type HeldInput, keepingHeld, splitHeldInputs, withHeldInputs } from './held-inputs.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const raw = (id: string, part: RawExample<Uint8Array>['part']): RawExample<Uint8Array> => ({
  ...{ id, label: 'a', vendor: 'v', weight: 1, part },
  input: bytes(id),
})

test('only what held-out examples look like is kept, beside the files of a version and apart from them', async () => {
  const stream = async function* () {
    for (const one of [raw('seen', 'train'), raw('held', 'holdout'), raw('asked first', 'golden')])
      yield await Promise.resolve(one)
  }
  const kept: HeldInput[] = []
  const handedOn: string[] = []
  for await (const { id } of keepingHeld(stream(), kept, (input) => ({ kind: 'text', bytes: input }))) handedOn.push(id)
  assert.deepEqual(handedOn, ['seen', 'held', 'asked first'])
  const files = { 'weights.bin': bytes('weights') }
  const expected = [{ example: 'held', kind: 'text', bytes: bytes('held') }]
  assert.deepEqual(splitHeldInputs(withHeldInputs(files, kept)), { files, inputs: expected })
  assert.deepEqual(splitHeldInputs(files), { files, inputs: [] })
})
