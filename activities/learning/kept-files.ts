import type { Blobs } from '../../adapters/blobs/files.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { KeptFiles } from '../../store/learning/tables.ts'

/** Files from their blobs. @throws BlobMissing, BlobDamaged, ServiceUnavailable. */
export async function readFiles(blobs: Pick<Blobs, 'get'>, kept: KeptFiles): Promise<VersionFiles> {
  const files = Object.entries(kept).map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const)
  return Object.fromEntries(await Promise.all(files))
}

/** Keeps files as blobs. @throws ServiceUnavailable, with ENOSPC when the disk is full. */
export async function keepFiles(blobs: Pick<Blobs, 'put'>, files: VersionFiles): Promise<KeptFiles> {
  const kept: [string, string][] = []
  for (const [name, bytes] of Object.entries(files)) kept.push([name, await blobs.put(bytes)])
  return Object.fromEntries(kept)
}
