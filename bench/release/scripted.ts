import type { Keep } from './keep-history.ts'
import { longAfter, onServer } from './scripted/ground.ts'
import { playCoordinator, playLongCoordinator, playRetrains } from './scripted/learning.ts'
import { playLongRollout, playRollouts } from './scripted/rollouts.ts'

/**
 * Records stories that a whole product cannot be brought to within minutes, as real workflows on a real server: runs that are long
 * after a few events, guards that trip, trainings that end in the middle.
 */
export async function recordScripted(keep: Keep): Promise<void> {
  await onServer(keep, [], async (ground) => {
    await playRollouts(ground)
    await playRetrains(ground)
    await playCoordinator(ground)
  })
  await onServer(keep, longAfter(60), playLongCoordinator)
  await onServer(keep, longAfter(20), playLongRollout)
}
