import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RawExample } from '../../models/datasets/examples.ts'
import { checkGolden, placed } from './placed.ts'
import { RecipeInvalid } from './pictures/recipe.ts'

const raw = (id: string, label = 'a'): RawExample<Uint8Array> => ({
  ...{ id, label, vendor: 'v', weight: 1 },
  input: new TextEncoder().encode(id),
})

async function place(raws: readonly RawExample<Uint8Array>[], placing: Partial<Parameters<typeof placed>[1]> = {}) {
  const stream = async function* () {
    for (const one of raws) yield await Promise.resolve(one)
  }
  const found: RawExample<Uint8Array>[] = []
  for await (const one of placed(stream(), { bot: 'b', golden: new Set(), ...placing })) found.push(one)
  return found
}

const many = Array.from({ length: 400 }, (_, index) => raw(String(index)))

describe('the part of a base example', () => {
  it('is held out for some 15 % and the same every time, whatever its label and its company', async () => {
    const parts = (await place(many)).map(({ part }) => part)
    const held = parts.filter((part) => part === 'holdout').length
    assert.ok(held > 40 && held < 80, String(held))
    const relabelled = await place(many.map((one) => ({ ...one, label: 'z' })).toReversed())
    assert.deepEqual(
      relabelled.toReversed().map(({ part }) => part),
      parts,
    )
  })

  it('is one for all near-duplicates, and another draw for another bot', async () => {
    const same = await place(many, { fingerprintOf: () => '0000000000000000' })
    assert.equal(new Set(same.map(({ part, group }) => `${part} ${group}`)).size, 1)
    const other = await place(many, { bot: 'c' })
    assert.notDeepEqual(
      other.map(({ part }) => part),
      (await place(many)).map(({ part }) => part),
    )
  })

  it('is golden where the recipe names it, which is refused when the example is not there', async () => {
    const found = await place(many, { golden: new Set(['7']) })
    assert.deepEqual(
      found.filter(({ part }) => part === 'golden').map(({ id }) => id),
      ['7'],
    )
    const examples = found.map(({ id, label, vendor, weight, part }) => ({
      id,
      label,
      vendor,
      weight,
      part,
      inputSha256: id,
    }))
    checkGolden('starter-data.yaml', ['7'], examples)
    assert.throws(
      () => checkGolden('starter-data.yaml', ['7', 'nobody'], examples),
      (error) => error instanceof RecipeInvalid && error.message.includes('golden: nobody'),
    )
  })
})
