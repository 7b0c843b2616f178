import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const manifestShape = z.object({
  /** The digest of the lockfile: the libraries are part of the code. */
  packages: z.string(),
  sources: z.record(z.string(), z.object({ digest: z.string(), imports: z.array(z.string()) })),
})

/** Of every source file its digest, and what it imports of ours; `npm run build` writes it. */
async function readManifest(): Promise<z.infer<typeof manifestShape>> {
  return manifestShape.parse(JSON.parse(await readFile(new URL('../sources.json', import.meta.url), 'utf8')))
}

const short = (facts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)

/** A digest of all code in some folders, and of the libraries. */
export async function fingerprintOfFolders(folders: readonly string[]): Promise<string> {
  const { packages, sources } = await readManifest()
  const found = Object.entries(sources).filter(([file]) => folders.some((folder) => file.startsWith(`${folder}/`)))
  return short([packages, found.map(([file, { digest }]) => [file, digest]).toSorted()])
}

/**
 * A digest of all code that decides what comes out of `entries` (files from the root of the repository): they, everything of ours that
 * they import, directly or not, and the libraries; and of `facts` beside it.
 * @throws Error for an entry that no program of the product holds.
 */
export async function fingerprintOfEntries(entries: readonly string[], facts: readonly string[] = []): Promise<string> {
  const { packages, sources } = await readManifest()
  const found = new Map<string, string>()
  const visit = (file: string): void => {
    const source = sources[file]
    if (source === undefined) throw new Error(`${file} is not part of what was built`)
    if (found.has(file)) return
    found.set(file, source.digest)
    source.imports.forEach(visit)
  }
  entries.forEach(visit)
  return short([packages, [...found].toSorted(), facts])
}
