import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LocalProblem } from '../problem.ts'
import { findOnPath, lastLines, run } from '../processes/programs.ts'
import { cacheFolder, putInPlace, withScratch } from './cache.ts'
import { isVerified, verify } from './checksum.ts'
import { withProgress, type ProvisionContext } from './context.ts'
import { fileInTarball } from './titles-archive.ts'

interface Changelog {
  readonly name: string
  readonly version: string
  /** Of the package's `CHANGELOG.md`. */
  readonly sha256: string
}

/** The change logs that team-router learns from (MIT); newer packages no longer hold the older releases. */
const changelogs: readonly Changelog[] = [
  {
    name: '@mui/x-data-grid',
    version: '6.20.4',
    sha256: '1c37a46b8cc8b867341e37ff6bad4343474117239be6c1a9c3dc246c43ac2cd7',
  },
  {
    name: '@mui/x-data-grid',
    version: '7.29.13',
    sha256: '95c3f4d848605d41d1da7e51b0734952df52ee952b4342709f3c1fee49f8b00d',
  },
  {
    name: '@mui/x-data-grid',
    version: '8.29.3',
    sha256: '6cfb3b187e0a887a718d259c4454b0407d8b3de027ee7f599d61f062a3f891ff',
  },
  {
    name: '@mui/x-data-grid',
    version: '9.14.0',
    sha256: 'd26e6ebeea39b640b92c4d797abc1ec6f1891aef5c09716b1d3a8914d303face',
  },
  {
    name: '@mui/x-charts',
    version: '7.29.1',
    sha256: '79e6c9384e2953362dcd313131b65d720046977e8f3193391bf818ea1856a9a3',
  },
  {
    name: '@mui/x-charts',
    version: '9.17.0',
    sha256: 'c0716194ab6d764b7c8a0c4edfeb6d1530ec974c9968ba9546d3039f5cf4d09b',
  },
]

const fileNameOf = ({ name, version }: Changelog) => `${name.replace('@', '').replace('/', '-')}-${version}.md`

/** npm's own settings decide where the packages come from; nothing of them is run. */
async function pack(changelogsToPack: readonly Changelog[], folder: string): Promise<void> {
  // npm stands beside the running Node even where PATH does not name it.
  const npm = (await findOnPath('npm')) ?? join(dirname(process.execPath), 'npm')
  const specs = changelogsToPack.map(({ name, version }) => `${name}@${version}`)
  const args = ['pack', ...specs, '--pack-destination', folder, '--ignore-scripts', '--silent']
  const result = await run(npm, args, { cwd: folder, timeoutMs: 10 * 60_000 })
  if (result.code !== 0)
    throw new LocalProblem(
      `the change logs could not be fetched (npm: ${lastLines(result.stderr, 2) || `exit code ${result.code}`})`,
      "check the network and the registry in npm's settings (`npm config get registry`), then run the command again",
    )
}

async function fetchChangelogs(context: ProvisionContext, missing: readonly Changelog[], folder: string) {
  await withScratch(context.home, async (scratch) => {
    await withProgress(context, `fetching ${missing.length} change logs by npm`, () => pack(missing, scratch))
    for (const changelog of missing) {
      const archive = fileNameOf(changelog).replace(/\.md$/, '.tgz')
      if (!(await readdir(scratch)).includes(archive))
        throw new LocalProblem(`npm did not write ${archive}`, 'report this with the version of npm')
      const bytes = await fileInTarball(join(scratch, archive), 'package/CHANGELOG.md')
      const unpacked = join(scratch, fileNameOf(changelog))
      await writeFile(unpacked, bytes ?? '')
      await verify(unpacked, { sha256: changelog.sha256, what: fileNameOf(changelog), say: () => undefined })
      await putInPlace(unpacked, join(folder, fileNameOf(changelog)))
    }
  })
}

/**
 * The change logs that team-router's starter data is made of, from the cache or by `npm pack`.
 * @returns the absolute path of a folder with one Markdown file per package version, each checked by digest.
 * @throws LocalProblem when they cannot be fetched or are not the pinned ones.
 */
export async function provisionTitles(context: ProvisionContext): Promise<{ readonly folder: string }> {
  const folder = await cacheFolder(context.home, 'titles')
  const isThere = async (changelog: Changelog) => {
    const [path, { sha256 }] = [join(folder, fileNameOf(changelog)), changelog]
    if (await isVerified(path, sha256)) return true
    return verify(path, { sha256, what: fileNameOf(changelog), say: context.say }).then(
      () => true,
      () => false,
    )
  }
  const there = await Promise.all(changelogs.map(isThere))
  const missing = changelogs.filter((_, index) => there[index] !== true)
  if (missing.length > 0) await fetchChangelogs(context, missing, folder)
  await Promise.all(missing.map(isThere))
  return { folder }
}
