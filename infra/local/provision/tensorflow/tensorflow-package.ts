import { lstat, mkdir, readFile, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { lastLines, run } from '../../processes/programs.ts'
import { linkOrCopy } from '../cache.ts'
import { isVerified, sha256Of, verify } from '../checksum.ts'

const require = createRequire(import.meta.url)

/** The folder of the installed @tensorflow/tfjs-node and its version. */
export function tensorflowPackage(): { readonly folder: string; readonly version: string } {
  const file = require.resolve('@tensorflow/tfjs-node/package.json')
  const { version } = require(file) as { readonly version: string }
  return { folder: dirname(file), version }
}

/** Node-API 8 is the newest that the package knows, so this folder serves Node 20, 22 and 24 alike. */
export const bindingPath = join('lib', 'napi-v8', 'tfjs_binding.node')
const nativeFolders = [join('deps', 'lib'), join('lib', 'napi-v8')] as const
const stampPath = join('lib', 'napi-v8', 'loads.stamp')

async function nativeFiles(root: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    nativeFolders.map(async (folder) =>
      (await readdir(join(root, folder)).catch(() => [])).map((name) => join(folder, name)),
    ),
  )
  return lists.flat().filter((path) => /\.(?:so|dylib|node)(?:\.[\d.]+)?$/.test(path))
}

async function stampOf(folder: string): Promise<string> {
  const lines = (await nativeFiles(folder)).toSorted().map(async (path) => {
    const { size, mtimeMs } = await stat(join(folder, path)).catch(() => ({ size: -1, mtimeMs: 0 }))
    return `${path} ${size} ${mtimeMs}`
  })
  return [`modules ${process.versions.modules} ${process.execPath}`, ...(await Promise.all(lines))].join('\n')
}

/**
 * Whether the native binding loads in this Node, tried in a child process because a broken library takes its process along.
 * A success is remembered beside the binding: asking again costs milliseconds until a file or the Node changes.
 */
export async function bindingLoads(folder: string): Promise<{ readonly loads: boolean; readonly why: string }> {
  const binding = join(folder, bindingPath)
  if (!(await stat(binding).catch(() => undefined))) return { loads: false, why: 'there is no binding' }
  const stamp = await stampOf(folder)
  if ((await readFile(join(folder, stampPath), 'utf8').catch(() => '')) === stamp) return { loads: true, why: '' }
  const result = await run(process.execPath, ['-e', 'require(process.argv[1])', binding], { timeoutMs: 60_000 })
  if (result.code !== 0) return { loads: false, why: lastLines(result.stderr, 4) || 'loading it ended the process' }
  await writeFile(join(folder, stampPath), stamp)
  return { loads: true, why: '' }
}

interface Kept {
  readonly path: string
  readonly sha256?: string
  readonly link?: string
}

/** Copies the native files of the package to `cache`, with a list of digests that is written last. */
export async function keepNative(folder: string, cache: string): Promise<void> {
  const kept: Kept[] = []
  for (const path of await nativeFiles(folder)) {
    if ((await lstat(join(folder, path))).isSymbolicLink()) {
      kept.push({ path, link: await readlink(join(folder, path)) })
      continue
    }
    await linkOrCopy(join(folder, path), join(cache, path))
    const sha256 = await sha256Of(join(cache, path))
    await verify(join(cache, path), { sha256, what: path, say: () => undefined })
    kept.push({ path, sha256 })
  }
  await writeFile(join(cache, 'kept.json'), JSON.stringify(kept, null, 2))
}

/** Whether `keepNative` finished in this cache folder. */
export const isKept = async (cache: string): Promise<boolean> =>
  (await stat(join(cache, 'kept.json')).catch(() => undefined)) !== undefined

/** Puts what `keepNative` kept back into the package; `false` when nothing is kept or a file of it is damaged. */
export async function restoreNative(cache: string, folder: string): Promise<boolean> {
  const list = await readFile(join(cache, 'kept.json'), 'utf8').catch(() => '[]')
  const kept = JSON.parse(list) as readonly Kept[]
  for (const { path, sha256 } of kept) {
    if (sha256 === undefined || (await isVerified(join(cache, path), sha256))) continue
    const whole = await verify(join(cache, path), { sha256, what: path, say: () => undefined }).then(
      () => true,
      () => false,
    )
    if (!whole) return false
  }
  for (const { path, link } of kept) {
    if (link === undefined) await linkOrCopy(join(cache, path), join(folder, path))
    else await replaceLink(link, join(folder, path))
  }
  return kept.length > 0
}

/** A symbolic link at `path`, whatever was there. */
export async function replaceLink(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  await symlink(target, path)
}
