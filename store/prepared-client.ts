import { createHash } from 'node:crypto'
import pg from 'pg'

/** More different statements than the code has; those beyond are planned each time, so that a connection stays small. */
const mostStatements = 500

const names = new Map<string, string>()

/** A statement's name on every connection: its digest, because a name may not be longer than 63 bytes. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= mostStatements) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}

type Query = (...args: readonly unknown[]) => unknown

/**
 * A connection that prepares every statement with parameters once, so that PostgreSQL parses and plans it once per
 * connection. A pooler in front has to know protocol-level prepared statements (PgBouncer from 1.21).
 */
export class PreparedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const query = this.query.bind(this) as Query
    const prepared: Query = (text, values, ...rest) => {
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined
      return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest)
    }
    this.query = prepared as typeof this.query
  }
}
