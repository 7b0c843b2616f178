import { z } from 'zod'
import type { Checkpoints } from '../../training/task.ts'

const savedState = z.array(z.object({ name: z.string(), value: z.unknown() }))

/** A result of one fit, with the last loss of its head. */
export interface Fitted<Value> {
  readonly value: Value
  readonly loss: number
}

/**
 * What the fits of a training said, so that one that is started again repeats none but the fit which was cut off. The inner state of
 * a fit is not kept: it is some fifty times as large as all results together, and a fit takes seconds.
 */
export interface Memory {
  /** What the fit of this name said before, else what it says now. Names come in the same order each time. */
  recall<Value>(name: string, schema: z.ZodType<Value>, make: () => Fitted<Value>): Promise<Value>
}

function savedResults(bytes: Uint8Array | undefined): Map<string, unknown> {
  if (bytes === undefined) return new Map()
  const parsed = savedState.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
  return new Map(parsed.success ? parsed.data.map(({ name, value }) => [name, value] as const) : [])
}

/** @param of how many fits there will be. */
export function memoryOf(checkpoints: Checkpoints | undefined, of: number): Memory {
  const saved = savedResults(checkpoints?.saved)
  const done: { readonly name: string; readonly value: unknown }[] = []
  return {
    recall: async (name, schema, make) => {
      const known = schema.safeParse(saved.get(name))
      const { value, loss } = known.success ? { value: known.data, loss: 0 } : make()
      done.push({ name, value })
      // JSON gives every double back as it was.
      if (!known.success && checkpoints?.isDue() === true)
        await checkpoints.save({ step: done.length, of, loss }, new TextEncoder().encode(JSON.stringify(done)))
      return value
    },
  }
}
