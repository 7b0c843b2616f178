import { cancellationSignal } from '@temporalio/activity'
import type { Blobs } from '../../adapters/blobs/files.ts'
import type { VersionFiles } from '../../models/family.ts'
import type { Rebuilt as Found } from '../../models/rebuild-version.ts'
import type { Db } from '../../store/db.ts'
import type * as versions from '../../store/versions/versions.ts'
import { beatWhile } from '../learning/beat.ts'
import { inOurWords } from '../learning/failures.ts'
import { readFiles } from '../learning/kept-files.ts'
import type { RebuildActivities } from '../learning-contract.ts'

export interface RebuildDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get'>
  readonly versions: Pick<typeof versions, 'versionsOf'>
  /** Trains again from a version's files, in a child process of its own. */
  readonly rebuild: (files: VersionFiles, signal: AbortSignal) => Promise<Found>
}

/** `rebuildVersion`. @throws Error when the version is not registered: the API looks before. */
export const createRebuildVersion = (deps: RebuildDeps): RebuildActivities => ({
  rebuildVersion: inOurWords(async ({ bot, version }) => {
    const found = (await deps.versions.versionsOf(deps.db, bot)).find((each) => each.version === version)
    if (found === undefined) throw new Error('a rebuild needs a registered version')
    const files = await readFiles(deps.blobs, found.files)
    const rebuilt = await beatWhile(deps.rebuild(files, cancellationSignal()))
    return {
      outcome: rebuilt.outcome,
      expected: found.weightsSha256,
      weightsSha256: rebuilt.outcome === 'refused' ? null : rebuilt.weightsSha256,
      differs: rebuilt.outcome === 'same' ? [] : rebuilt.differs,
    }
  }),
})
