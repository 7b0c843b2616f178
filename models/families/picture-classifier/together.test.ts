import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DatasetInvalid } from '../../training/task.ts'
import type { VersionFiles } from '../../files.ts'
import { pictureClassifier } from './picture-classifier.ts'
import { openTensorflow } from '../../tensorflow.ts'
import { smallExamples, smallLabels, tinyBackbone } from '../../testing/small-dataset.ts'
import { cutDataset } from './cuts.ts'
import { askedUnder, figuresTogether, heldOutFileName, heldOutOf, withTogether } from './together.ts'

const textOf = (files: VersionFiles | undefined, name: string) => new TextDecoder().decode(files?.[name])

describe('versions side by side', async () => {
  const family = pictureClassifier({ tensorflow: await openTensorflow('auto'), backbone: tinyBackbone })
  const task = { bot: 'hatter', notes: 'Numbers.', seed: 5 }
  const whole = await family.prepare(smallExamples(), { labels: smallLabels })
  const train = (...cuts: readonly string[]) => family.train(cutDataset(whole, tinyBackbone, cuts), task)
  const [first, second] = [await train('first-five'), await train('next-three')]
  const versions = new Map([
    ['first', first],
    ['second', second],
  ])

  it('have the figures of their own evaluations, read from what each said while a vendor was left out', async () => {
    const { answers } = figuresTogether(versions)
    const own = await family.evaluate(cutDataset(whole, tinyBackbone, ['first-five']), { seed: 5 })
    assert.deepEqual(
      answers.map(({ name }) => name),
      ['first', 'second', 'average'],
    )
    assert.deepEqual(answers[0]?.pooled.confusion, own.pooled.confusion)
    assert.ok(Math.abs((answers[0].pooled.auc[0] ?? 0) - (own.pooled.auc[0] ?? 1)) < 1e-3)
    // The last three features say nothing of a hat: a version that reads only them guesses.
    assert.ok((answers[1]?.pooled.auc[0] ?? 1) < 0.65)
  })

  it('have an average that is the mean of what they said', () => {
    const opposite = { ...second, [heldOutFileName]: heldOutOf(whole.examples.map(() => [0.5, 0.5])) }
    const { answers } = figuresTogether(new Map([...versions, ['second', opposite]]))
    assert.deepEqual(answers[2]?.pooled.confusion, answers[0]?.pooled.confusion)
    const wrong = {
      ...second,
      [heldOutFileName]: heldOutOf(whole.examples.map(({ label }) => (label === 'hat' ? [0, 1] : [1, 0]))),
    }
    const outvoted = figuresTogether(new Map([...versions, ['second', wrong], ['third', wrong]]))
    assert.equal(outvoted.answers.at(-1)?.pooled.accuracy, 0)
  })

  it('tell how many answers ask people under a confidence, each version and the average', () => {
    const asked = askedUnder(versions, 0.8)
    assert.deepEqual([...asked.keys()], ['first', 'second', 'average'])
    // A version that guesses is seldom sure.
    assert.ok((asked.get('second')?.share ?? 0) > (asked.get('first')?.share ?? 1))
    assert.equal(askedUnder(versions, 0).get('average')?.share, 0)
  })

  it('tell the figures of all in the files of each; a version alone stays as it is', () => {
    const told = withTogether(versions)
    for (const files of told.values()) {
      assert.match(textOf(files, 'card.md'), /\| average \| west \|/)
      assert.match(textOf(files, 'evaluation.json'), /"together"/)
    }
    assert.deepEqual(withTogether(new Map([['main', first]])), new Map([['main', first]]))
  })

  it('are not compared when they learned from different examples, or one does not fit its own', async () => {
    const other = await family.train(await family.prepare(smallExamples(21), { labels: smallLabels }), task)
    const short = { ...second, [heldOutFileName]: heldOutOf([[0.5, 0.5]]) }
    for (const odd of [other, short])
      assert.throws(() => figuresTogether(new Map([...versions, ['odd', odd]])), DatasetInvalid)
  })
})
