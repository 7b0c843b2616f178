import { sql } from 'kysely'
import { type Catalog, readCatalog, type Table } from '../../test/support/releases/catalog.ts'
import type { Db } from '../../store/db.ts'

/* Rows as SQL that inserts them, so that a diff shows them and nothing but PostgreSQL is needed. */

type Values = Readonly<Record<string, string>>

async function keyOf(db: Db, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
    where indrelid = ${`public.${table}`}::regclass and indisprimary order by array_position(indkey, attnum)`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}

/**
 * One statement with all rows of a table in the order of its primary key; none when it has no row.
 * @param instead values that take the place of those of a column.
 */
export async function literalRows(db: Db, { name, columns }: Table, instead: Values = {}): Promise<readonly string[]> {
  const literals = columns.map(({ name: column }) =>
    instead[column] === undefined
      ? sql`quote_nullable(${sql.ref(column)}::text)`
      : sql`quote_nullable(${instead[column]}::text)`,
  )
  const order = (await keyOf(db, name)).map((column) => sql.ref(column))
  const { rows } = await sql<{ row: string }>`
    select concat('(', concat_ws(', ', ${sql.join(literals)}), ')') as row
    from ${sql.table(name)} order by ${sql.join(order)}`.execute(db)
  if (rows.length === 0) return []
  const names = columns.map(({ name: column }) => column).join(', ')
  const counted = columns.some(({ identity }) => identity !== null) ? ' overriding system value' : ''
  return [`insert into public.${name} (${names})${counted} values\n${rows.map(({ row }) => row).join(',\n')};`]
}

/** The tables in an order in which each comes after those that it refers to. */
function inOrderOfReference({ tables, foreignKeys }: Pick<Catalog, 'tables' | 'foreignKeys'>): readonly Table[] {
  const ordered: Table[] = []
  const isThere = (name: string) => ordered.some((table) => table.name === name)
  while (ordered.length < tables.length) {
    const next = tables.filter(
      ({ name }) =>
        !isThere(name) &&
        foreignKeys.every(({ table, refersTo }) => table !== name || refersTo === name || isThere(refersTo)),
    )
    if (next.length === 0) throw new Error('some tables refer to each other in a circle')
    ordered.push(...next)
  }
  return ordered
}

/** Counters go on behind the rows that are there. */
async function counters(db: Db, { name, columns }: Table): Promise<readonly string[]> {
  const [counted] = columns.filter(({ identity }) => identity !== null)
  if (counted === undefined) return []
  const { rows } = await sql<{
    last: number | null
  }>`select max(${sql.ref(counted.name)})::int as last from ${sql.table(name)}`.execute(db)
  const last = rows[0]?.last ?? null
  return last === null ? [] : [`select setval(pg_get_serial_sequence('public.${name}', '${counted.name}'), ${last});`]
}

/** SQL that fills the schema with the rows of this database, those of `except` left out. */
export async function dumpData(
  db: Db,
  release: { readonly version: string; readonly except: ReadonlySet<string> },
): Promise<string> {
  const head = `-- The rows of a small installation of Understudy ${release.version}, made by bench/record-release.ts. They are never changed.`
  const all = [head]
  const catalog = await readCatalog(db)
  await db.connection().execute(async (one) => {
    await sql`set time zone 'UTC'`.execute(one)
    for (const table of inOrderOfReference(catalog)) {
      if (release.except.has(table.name)) continue
      all.push(...(await literalRows(one, table)), ...(await counters(one, table)))
    }
    await sql`reset time zone`.execute(one)
  })
  return `${all.join('\n\n')}\n`
}
