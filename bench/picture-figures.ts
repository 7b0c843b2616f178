import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { openBlobs } from '../adapters/blobs/files.ts'
import { pictureInput } from '../domain/model/preprocessing.ts'
import { quantile } from '../domain/quantile.ts'
import { configOfThisProcess } from '../infra/config.ts'
import { createLogger } from '../infra/logger.ts'
import { families } from '../models/families/index.ts'
import { classifierOf } from '../models/family.ts'
import type { VersionFiles } from '../models/files.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { type Db, openDatabase } from '../store/db.ts'
import { type ModelVersion, versionsOf } from '../store/versions/versions.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { testSettings } from '../test/support/settings.ts'
import { loadBots } from '../workers/bots/bots.ts'
import { openNetworks, openVersions } from '../workers/open-models.ts'
import { figuresOfBot } from '../workers/starter/pictures/figures.ts'

const rounds = 40

const round = (value: number): number => Math.round(value * 1e3) / 1e3

async function filesOf(version: ModelVersion, blobs: ReturnType<typeof openBlobs>): Promise<VersionFiles> {
  const files = Object.entries(version.files).map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const)
  return Object.fromEntries(await Promise.all(files))
}

/** A picture that nobody has looked at. */
const unseen = (): Uint8Array => new Uint8Array(randomBytes(pictureInput.byteLength))

type Ask = (picture: Uint8Array) => Promise<unknown>

/** Medians of ways to answer, in turns, so that all meet the same machine. */
async function inTurns(ways: Readonly<Record<string, Ask>>): Promise<Readonly<Record<string, number>>> {
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let index = 0; index < rounds + 5; index += 1)
    for (const [name, ask] of Object.entries(ways)) {
      const picture = unseen()
      const started = performance.now()
      await ask(picture)
      // The first few warm up.
      if (index >= 5) times.get(name)?.push(performance.now() - started)
    }
  return Object.fromEntries([...times].map(([name, all]) => [name, round(quantile(all, 0.5))]))
}

/** What an answer by two live versions costs, as inference workers serve them, beside one version and two that share nothing. */
async function costOfTwo(
  db: Db,
  made: { readonly bot: string; readonly family: string; readonly files: readonly VersionFiles[] },
) {
  const config = { ...configOfThisProcess(), inference: { maxBatch: 16, maxDelayMs: 2 } }
  const releases: (() => unknown)[] = []
  const onRelease = (release: () => unknown) => void releases.unshift(release)
  const log = createLogger('bench', 'warn')
  const blobs = openBlobs(testSettings().blobsUrl)
  const context = { config, log, onRelease }
  const runtime = openVersions(context, { families, networks: openNetworks(context), db, blobs })
  const openApart = async (files: VersionFiles) => {
    const { assets, tensorflow } = openNetworks(context)
    return classifierOf(families, made.family).open(files, { tensorflow: await tensorflow(), assets })
  }
  const apart = await Promise.all(made.files.map(openApart))
  const ask = await Promise.all(made.files.map((_, index) => runtime.predictorOf(made.bot, index + 1)))
  const times = await inTurns({
    oneVersionMs: (picture) => Promise.resolve(ask.at(-1)?.(picture)),
    twoVersionsMs: (picture) => Promise.all(ask.map((predict) => predict(picture))),
    twoApartMs: (picture) => Promise.all(apart.map((predictor) => predictor.predict([picture]))),
  })
  for (const release of releases) await release()
  return { ...times, ratio: round((times['twoVersionsMs'] ?? NaN) / (times['oneVersionMs'] ?? NaN)) }
}

async function run(say: (line: string) => void) {
  const database = await createTestDatabase()
  const db = openDatabase(database.url, { poolSize: 2 })
  try {
    const tensorflow = await openTensorflow('auto')
    const blobs = openBlobs(testSettings().blobsUrl)
    const bots: Record<string, unknown> = {}
    const sharedPass: Record<string, unknown> = {}
    for (const { name, family, unsureBelow } of (await loadBots(families)).filter(
      ({ input }) => input.kind === 'picture',
    )) {
      const versions = await versionsOf(db, name)
      const files = await Promise.all(versions.map((version) => filesOf(version, blobs)))
      bots[name] = figuresOfBot(new Map(versions.map(({ slot }, index) => [slot, files[index] ?? {}])), unsureBelow)
      say(`${name}: ${JSON.stringify(bots[name])}`)
      if (files.length < 2) continue
      sharedPass[name] = await costOfTwo(db, { bot: name, family, files })
      say(`${name}: ${JSON.stringify(sharedPass[name])}`)
    }
    return { bench: 'picture-figures', method: 'leave one vendor out', backend: tensorflow.backend, bots, sharedPass }
  } finally {
    await db.destroy()
    await database.drop()
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const result = await run((line) => console.error(line))
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
