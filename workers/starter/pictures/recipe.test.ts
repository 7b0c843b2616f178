import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { botsFolder } from '../../bots/bots.ts'
import { parseRecipe, RecipeInvalid } from './recipe.ts'

const context = { file: 'starter-data.yaml', labels: ['fedora', 'no-fedora'] }
const text = await readFile(join(botsFolder, 'fedora-finder', 'starter-data.yaml'), 'utf8')

const faultsOf = (changed: string): readonly string[] => {
  try {
    parseRecipe(changed, context)
  } catch (error) {
    assert.ok(error instanceof RecipeInvalid)
    return error.faults
  }
  return []
}

describe('a recipe', () => {
  it('of the fedora finder is valid', () => {
    assert.deepEqual(faultsOf(text), [])
  })

  it('is refused with every fault and its key', () => {
    const faults = faultsOf(
      text
        .replace('seed: 20260401', 'seed: 0')
        .replace("names: '^(man-", "names: '(man-")
        .replace('pixels: 448', 'pixels: big'),
    )
    assert.ok(faults.some((fault) => fault.startsWith('seed: must not be 0')))
    assert.ok(faults.some((fault) => fault.startsWith('pixels: ')))
  })

  it('is refused when a pattern is no regular expression', () => {
    assert.ok(
      faultsOf(text.replace("names: '", "names: '(")).some((fault) =>
        fault.includes('names: is not a regular expression'),
      ),
    )
  })

  it('is refused when it names a label that the bot does not have, or has nothing for one', () => {
    assert.deepEqual(faultsOf(text.replaceAll('label: fedora', 'label: trilby')), [
      'label trilby: the bot does not have it',
      'label fedora: nothing stands for it',
    ])
  })
})
