import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionFiles } from './files.ts'

/** Writes a file that is on the disk when this returns. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes what was renamed in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** All files of a folder. */
export async function readFolder(folder: string): Promise<VersionFiles> {
  const names = (await readdir(folder)).toSorted()
  const files = names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const)
  return Object.fromEntries(await Promise.all(files))
}
