import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256Of } from '../files.ts'
import type { Checkpoints, TrainingProgress } from './task.ts'
import { syncFolder, writeSynced } from '../synced-files.ts'

/** What was told of a training: how far it is, and the file that it can go on from. */
export interface TrainingStep extends TrainingProgress {
  readonly checkpoint: string
}

export interface CheckpointPlace {
  readonly folder: string
  /** Digest of everything that decides the weights; a checkpoint of another order is not looked at. */
  readonly order: string
  readonly everyMs: number
  /** Told after the file is durable. */
  readonly onStep: (step: TrainingStep) => void
}

const fileName = 'checkpoint.bin'

const header = z.object({
  format: z.literal(1),
  order: z.string(),
  step: z.int(),
  of: z.int(),
  loss: z.number(),
  stateSha256: z.string(),
})

const lineEnd = 10

/** The state of a checkpoint file: one line of JSON, then the state; `undefined` when it is cut off, changed, or of another order. */
function stateIn(bytes: Uint8Array, order: string): Uint8Array | undefined {
  const end = bytes.indexOf(lineEnd)
  if (end < 0) return undefined
  try {
    const described = header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))))
    const state = bytes.slice(end + 1)
    return described.order === order && described.stateSha256 === sha256Of(state) ? state : undefined
  } catch {
    return undefined
  }
}

async function write({ folder, order }: CheckpointPlace, progress: TrainingProgress, state: Uint8Array) {
  const { step, of, loss } = progress
  const line = JSON.stringify({ format: 1, order, step, of, loss, stateSha256: sha256Of(state) })
  const [path, partial] = [join(folder, fileName), join(folder, `${fileName}.${process.pid}`)]
  await writeSynced(partial, Buffer.concat([new TextEncoder().encode(`${line}\n`), state]))
  await rename(partial, path)
  await syncFolder(folder)
  return path
}

/**
 * Checkpoints in a folder, the last one only. Two attempts may share it: both write states of the same computation.
 * @throws what the disk throws when a checkpoint cannot be written.
 */
export async function openCheckpoints(place: CheckpointPlace): Promise<Checkpoints> {
  await mkdir(place.folder, { recursive: true })
  const bytes = await readFile(join(place.folder, fileName)).catch(() => new Uint8Array())
  let last = performance.now()
  return {
    saved: stateIn(new Uint8Array(bytes), place.order),
    isDue: () => performance.now() - last >= place.everyMs,
    save: async (progress, state) => {
      const checkpoint = await write(place, progress, state)
      last = performance.now()
      place.onStep({ ...progress, checkpoint })
    },
  }
}
