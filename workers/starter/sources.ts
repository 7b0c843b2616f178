import { readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `import … from './x.ts'`, `export … from`, and `import('./x.ts')`; imports of types alone leave no trace in what runs. */
const imports = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?from\s+)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm

/** The files of this repository that a file's text imports for their values, from the root. */
export const importsOf = (file: string, text: string): readonly string[] =>
  [...text.matchAll(imports)].map(([, fromStatic, fromDynamic]) =>
    normalize(join(dirname(file), fromStatic ?? fromDynamic ?? '')),
  )

/**
 * The entries and everything of ours that they import, directly or not: all the code that decides what comes out of them.
 * @param entries files from the root of the repository.
 */
export async function sourcesOf(entries: readonly string[]): Promise<readonly string[]> {
  const found = new Set(entries)
  for (const file of found)
    for (const imported of importsOf(file, await readFile(join(root, file), 'utf8'))) found.add(imported)
  return [...found].toSorted()
}
