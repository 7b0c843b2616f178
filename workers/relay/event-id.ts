import { createHash } from 'node:crypto'

/** A UUID that belongs to a business key: a request that is handed on again gets the same one, and the key stays out of it. */
export function idOfKey(businessKey: string): string {
  const hex = createHash('sha256').update(businessKey).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
