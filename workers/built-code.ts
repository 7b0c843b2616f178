import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** What this code was built from; `npm run build` writes it. */
const manifestShape = z.object({
  /** The locked version of every package that our code imports. */
  versions: z.record(z.string(), z.string()),
  /** Of every source file its digest, and which of our files and which packages it imports. */
  sources: z.record(
    z.string(),
    z.object({ digest: z.string(), imports: z.array(z.string()), packages: z.array(z.string()) }),
  ),
})
type Manifest = z.infer<typeof manifestShape>

const readManifest = async (): Promise<Manifest> =>
  manifestShape.parse(JSON.parse(await readFile(new URL('../sources.json', import.meta.url), 'utf8')))

/** One digest of some files, of the versions of the packages that they import, and of `facts`. */
function digestOf({ versions, sources }: Manifest, files: Iterable<string>, facts: readonly string[]): string {
  const found = [...files].toSorted()
  const packages = new Set(found.flatMap((file) => sources[file]?.packages ?? []))
  const parts = [
    found.map((file) => [file, sources[file]?.digest]),
    [...packages].toSorted().map((name) => [name, versions[name]]),
    facts,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/** A digest of all code in some folders, and of the packages that it imports. */
export async function fingerprintOfFolders(folders: readonly string[]): Promise<string> {
  const manifest = await readManifest()
  const files = Object.keys(manifest.sources).filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)))
  return digestOf(manifest, files, [])
}

/**
 * A digest of all code that decides what comes out of `entries` (files from the root of the repository): they, everything of ours that
 * they import, directly or not, and the packages; and of `facts` beside it.
 * @throws Error for an entry that no program of the product holds.
 */
export async function fingerprintOfEntries(entries: readonly string[], facts: readonly string[] = []): Promise<string> {
  const manifest = await readManifest()
  const found = new Set(entries)
  for (const file of found) {
    const source = manifest.sources[file]
    if (source === undefined) throw new Error(`${file} is not part of what was built`)
    for (const imported of source.imports) found.add(imported)
  }
  return digestOf(manifest, found, facts)
}
