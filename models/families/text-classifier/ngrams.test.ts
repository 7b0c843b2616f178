import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buckets, gramScaler, gramsOf, gramWeightsOf } from './ngrams.ts'

const lengthOf = (values: Iterable<number>): number =>
  Math.sqrt([...values].reduce((sum, value) => sum + value ** 2, 0))

describe('hashed n-grams', () => {
  it('are counted at ascending places, words in the lower half and characters in the upper', () => {
    const { places, counts } = gramsOf('tree tree view')
    const words = [...counts].filter((_, index) => (places[index] ?? 0) < buckets / 2)
    // tree twice, view, "tree tree", "tree view".
    assert.deepEqual(words.toSorted(), [1, 1, 1, 2])
    assert.deepEqual(
      [...places],
      [...places].toSorted((one, other) => one - other),
    )
    assert.ok(places.length > words.length)
  })

  it('are the same in either case, for parts of a name as for words, and whatever stands between words', () => {
    assert.deepEqual(gramsOf('DatePicker'), gramsOf('date, PICKER!'))
    assert.equal(gramsOf('…').places.length, 0)
  })

  it('count more the rarer they are, and only when two texts have them', () => {
    const texts = ['open tree', 'open chart', 'open tree', 'lonely'].map(gramsOf)
    const weights = gramWeightsOf(texts)
    const idfOf = (text: string) => {
      const [place = -1] = gramsOf(text).places
      return weights.idf[weights.places.indexOf(place)]
    }
    assert.ok((idfOf('tree') ?? 0) > (idfOf('open') ?? 0))
    assert.equal(idfOf('lonely'), undefined)
    assert.equal(idfOf('tree'), Math.fround(Math.log(5 / 3) + 1))
  })

  it('become rows whose words and characters are of length 1 each; unknown ones leave nothing', () => {
    const texts = ['open the tree', 'close the tree'].map(gramsOf)
    const weights = gramWeightsOf(texts)
    const row = gramScaler(weights)(gramsOf('the tree grows'))
    const words = [...row.columns].filter((column) => (weights.places[column] ?? 0) < buckets / 2).length
    assert.ok(Math.abs(lengthOf(row.values.subarray(0, words)) - 1) < 1e-6)
    assert.ok(Math.abs(lengthOf(row.values.subarray(words)) - 1) < 1e-6)
    assert.equal(gramScaler(weights)(gramsOf('xyzzy')).columns.length, 0)
  })
})
