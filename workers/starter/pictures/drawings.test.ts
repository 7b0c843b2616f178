import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import type { RawExample } from '../../../models/datasets/examples.ts'
import { families } from '../../../models/families/index.ts'
import { botsFolder, loadBots } from '../../bots/bots.ts'
import { drawingsOf, type Drawing } from './drawings.ts'
import { readRecipe, type Recipe } from './recipe.ts'
import { examplesOf } from './render.ts'

async function recipeOf(bot: string): Promise<Recipe> {
  const [found] = (await loadBots(families)).filter(({ name }) => name === bot)
  assert.ok(found)
  return readRecipe(found, botsFolder)
}

async function all(recipe: Recipe): Promise<readonly Drawing[]> {
  const drawings: Drawing[] = []
  for await (const drawing of drawingsOf(recipe)) drawings.push(drawing)
  return drawings
}

describe('the drawings of the fedora finder', async () => {
  const recipe = await recipeOf('fedora-finder')
  const drawings = await all(recipe)
  const of = (label: string, vendor: string) =>
    drawings.filter((drawing) => drawing.label === label && drawing.vendor === vendor)

  it('are the same ones in the same order every time, each once, and few enough for a minute', async () => {
    assert.deepEqual(await all(recipe), drawings)
    assert.equal(new Set(drawings.map(({ id }) => id)).size, drawings.length)
    assert.ok(drawings.length <= 1800, `${drawings.length}`)
  })

  it('take every detective and levitating person for a fedora, except OpenMoji’s, which wear none', () => {
    assert.deepEqual(
      ['noto', 'twemoji', 'fluent-emoji', 'openmoji'].map((vendor) => of('fedora', vendor).length),
      [49, 36, 48, 0],
    )
    assert.equal(of('no-fedora', 'openmoji').filter(({ id }) => id.includes('detective')).length, 18)
  })

  it('have hard negatives of every vendor: other headwear, on people and alone', () => {
    for (const vendor of ['noto', 'twemoji', 'fluent-emoji', 'openmoji']) {
      const ids = of('no-fedora', vendor).map(({ id }) => id)
      assert.ok(
        ids.filter((id) => /turban|cook|guard|police|crown|construction|astronaut|mage|veil/.test(id)).length > 25,
      )
      assert.ok(ids.some((id) => /hat|cap|helmet/.test(id)))
    }
  })

  it('become pictures of the size that models read, in their order', async () => {
    const some = async function* () {
      for (const drawing of drawings.filter((_, index) => index % 100 === 0)) yield await Promise.resolve(drawing)
    }
    const examples: RawExample<Uint8Array>[] = []
    for await (const example of examplesOf(some())) examples.push(example)
    assert.deepEqual(
      examples.map(({ id }) => id),
      drawings.filter((_, index) => index % 100 === 0).map(({ id }) => id),
    )
    for (const { input } of examples) {
      assert.equal(input.length, pictureInput.byteLength)
      assert.ok(
        input.some((byte) => byte < 200),
        'an empty picture',
      )
    }
  })

  it('stop with the error of a drawing that cannot be rendered', async () => {
    const broken = async function* () {
      yield await Promise.resolve({ id: 'broken', label: 'fedora', vendor: 'noto', svg: '<svg' })
    }
    await assert.rejects(async () => {
      for await (const example of examplesOf(broken())) assert.fail(example.id)
    })
  })
})

describe('the drawings of after-dark', async () => {
  const drawings = await all(await recipeOf('after-dark'))
  const vendors = ['noto', 'twemoji', 'fluent-emoji', 'openmoji']
  const of = (label: string, vendor: string) =>
    drawings.filter((drawing) => drawing.label === label && drawing.vendor === vendor)

  it('are all drawn engineers of every vendor, 306 in sum', () => {
    assert.deepEqual(
      vendors.map((vendor) => of('engineer', vendor).length),
      [90, 54, 108, 54],
    )
  })

  it('have other occupations of every vendor as negatives, each of them, and nothing that is no occupation', () => {
    const jobs =
      /artist|astronaut|construction-worker|cook|detective|farmer|firefighter|guard|health-worker|judge|office-worker|pilot|police-officer|scientist|singer|student|teacher/
    for (const vendor of vendors) {
      const found = of('not-engineer', vendor).map(({ id }) => jobs.exec(id)?.[0])
      assert.ok(!found.includes(undefined), vendor)
      assert.equal(new Set(found).size, 17, vendor)
    }
    assert.ok(!drawings.some(({ id }) => id.includes('palette')))
    assert.ok(drawings.length <= 1400, `${drawings.length}`)
  })
})
