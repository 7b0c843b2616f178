import { join } from 'node:path'
import type { z } from 'zod'
import { openJournal, readJournal } from './journal.ts'

/** The bot's accepted writes, for outside judges. */
export const acceptedFile = 'accepted.jsonl'
/** What people and tests did. */
const peopleFile = 'people.jsonl'

/** When a record was made: its place among all records, and ISO 8601. */
export interface Stamp {
  readonly seq: number
  readonly at: string
}

/** Everything that happened, in order; what is visible is nothing but its sum. */
export interface Ledger<T> {
  /** Makes the record visible at once. @returns resolves when it is safe: for the bot's writes, on disk. */
  readonly record: (entry: T) => Promise<void>
  readonly close: () => Promise<void>
}

const stampOf = (line: unknown): Stamp => {
  if (typeof line === 'object' && line !== null && 'seq' in line && 'at' in line)
    if (typeof line.seq === 'number' && typeof line.at === 'string') return { seq: line.seq, at: line.at }
  throw new Error('a line of the data folder has no seq and at: it is not one of this simulator')
}

/**
 * Opens the ledger in `folder` and applies everything that is in it.
 * @param options.shape what a record is; one with a method that starts with `_sim/` is of people, any other of the bot.
 * @throws Error when the folder holds something else.
 */
export async function openLedger<T extends { readonly method: string }>(
  folder: string,
  options: { readonly shape: z.ZodType<T>; readonly apply: (entry: T, stamp: Stamp) => void },
): Promise<Ledger<T>> {
  const paths = [acceptedFile, peopleFile].map((name) => join(folder, name))
  const lines = paths.flatMap(readJournal).map((line) => ({ line, stamp: stampOf(line) }))
  lines.sort((one, other) => one.stamp.seq - other.stamp.seq)
  for (const { line, stamp } of lines) options.apply(options.shape.parse(line), stamp)
  let seq = lines.at(-1)?.stamp.seq ?? 0
  const accepted = await openJournal(join(folder, acceptedFile), { durable: true })
  const people = await openJournal(join(folder, peopleFile), { durable: false })
  const record = (entry: T): Promise<void> => {
    seq += 1
    const stamp = { seq, at: new Date().toISOString() }
    options.apply(entry, stamp)
    const journal = entry.method.startsWith('_sim/') ? people : accepted
    return journal.append({ ...stamp, ...entry })
  }
  const close = async () => {
    await accepted.close()
    await people.close()
  }
  return { record, close }
}
