import { z } from 'zod'

/*
 * Histories tell where they were recorded: process ids and hosts, paths in stack traces, ids of a platform. Fixtures may not.
 * Nothing of it matters to a replay.
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = Readonly<Record<string, Json>>

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const replaced: JsonObject = {
  identity: 'worker',
  requestId: '00000000-0000-4000-8000-000000000001',
  originalExecutionRunId: '00000000-0000-4000-8000-000000000002',
  firstExecutionRunId: '00000000-0000-4000-8000-000000000002',
  replyId: 'reply',
}
const removed: ReadonlySet<string> = new Set(['stackTrace', 'workerVersion'])

/** Everything of a workflow's id but its key, which is made of a platform's ids; ids of three parts are ours. */
const workflowIdWithoutKey = (id: string) => {
  const parts = id.split(':')
  return parts.length > 3 ? `${parts.slice(0, 3).join(':')}:scrubbed` : id
}

/** What a payload says, scrubbed like the rest; one that is no JSON is left as it is. */
function scrubPayload(data: string): string {
  try {
    const said = JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Json
    return Buffer.from(JSON.stringify(scrub(said))).toString('base64')
  } catch {
    return data
  }
}

function scrubField(key: string, value: Json, within: JsonObject): Json {
  if (key in replaced) return replaced[key] ?? null
  if (typeof value !== 'string') return scrub(value)
  if (key === 'workflowId') return workflowIdWithoutKey(value)
  // The queue of one worker's cache is named by its process and host.
  if (key === 'name' && within['kind'] === 'TASK_QUEUE_KIND_STICKY') return 'sticky'
  return key === 'data' && within['metadata'] !== undefined ? scrubPayload(value) : value
}

function scrub(value: Json): Json {
  if (Array.isArray(value)) return value.map(scrub)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([key]) => !removed.has(key))
  return Object.fromEntries(kept.map(([key, field]) => [key, scrubField(key, field, value)]))
}

/** A history as `temporal workflow show --output json` prints it, as far as it is looked into. */
export const historyShape = z.looseObject({
  events: z.array(z.looseObject({ eventType: z.string() })).min(1),
})

/** The history without what tells of its machine, its people or its platform; it replays like the original. */
export const scrubHistory = (history: string): z.infer<typeof historyShape> =>
  historyShape.parse(scrub(JSON.parse(history) as Json))
