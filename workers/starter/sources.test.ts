import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { importsOf, sourcesOf } from './sources.ts'

describe('the sources of a module', () => {
  it('are what it imports of ours for its values, and not types, packages or strings', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { B } from './b.ts'",
      "import {\n  type C,\n  c,\n} from '../c.ts'",
      "import './d.ts'",
      "export { e } from './e.ts'",
      "import { z } from 'zod'",
      "const f = await import('./f.ts')",
      'const text = "import { no } from \'./no.ts\'"',
    ].join('\n')
    assert.deepEqual(importsOf('models/x.ts', text), [
      'models/a.ts',
      'c.ts',
      'models/d.ts',
      'models/e.ts',
      'models/f.ts',
    ])
  })

  it('reach through other files: a change of the loss is a change of the picture classifier', async () => {
    const sources = await sourcesOf(['models/picture-classifier.ts'])
    for (const file of [
      'models/picture-classifier.ts',
      'models/pictures/heads/heads.ts',
      'domain/model/calibration.ts',
    ])
      assert.ok(sources.includes(file), file)
    assert.ok(!sources.includes('models/training/train-child.ts'))
  })
})
