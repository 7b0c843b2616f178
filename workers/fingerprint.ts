import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

async function filesBelow(place: string): Promise<readonly string[]> {
  const found = await stat(join(root, place)).catch(() => undefined)
  if (found === undefined) return []
  if (found.isFile()) return [place]
  const names = (await readdir(join(root, place))).filter((name) => !name.includes('.test.') && !name.endsWith('.md'))
  return (await Promise.all(names.sort().map((name) => filesBelow(join(place, name))))).flat()
}

/**
 * A short digest of files and folders of this repository (tests and prose left out) and of `facts`: the name under which
 * something that is made of them may be kept. The lockfile is always part of it, because the libraries are.
 */
export async function fingerprint(places: readonly string[], facts: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(facts))
  const files = (await Promise.all(['package-lock.json', ...places].map(filesBelow))).flat()
  for (const file of files) hash.update(`${file}\n`).update(await readFile(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}
