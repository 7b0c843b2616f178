import { type Catalog, type Part, readCatalog, type Table } from '../../test/support/releases/catalog.ts'
import type { Db } from '../../store/db.ts'
import { literalRows } from './dump-data.ts'

/* A schema as SQL that builds it. `pg_dump` is not among the binaries of the embedded PostgreSQL, and prints what a version of it likes. */

/** What Kysely knows about a database: which migrations were applied, and a lock. */
export const migrationTables: ReadonlySet<string> = new Set(['kysely_migration', 'kysely_migration_lock'])

function columnOf({ name, type, notNull, default: filled, identity }: Table['columns'][number]): string {
  return [
    `  ${name} ${type}`,
    ...(identity === null ? [] : [`generated ${identity} as identity`]),
    ...(filled === null ? [] : [`default ${filled}`]),
    ...(notNull && identity === null ? ['not null'] : []),
  ].join(' ')
}

const tableOf = ({ name, columns }: Table): string =>
  `create table public.${name} (\n${columns.map(columnOf).join(',\n')}\n);`

const constraintOf = ({ table, name, sql }: Part): string =>
  `alter table public.${table} add constraint ${name} ${sql};`

const statements = ({ functions, tables, constraints, indexes, foreignKeys, triggers }: Catalog): readonly string[] => [
  ...functions.map((text) => `${text.trimEnd()};`),
  ...tables.map(tableOf),
  ...constraints.map(constraintOf),
  ...indexes.map(({ sql }) => `${sql};`),
  ...foreignKeys.map(constraintOf),
  ...triggers.map(({ sql }) => `${sql};`),
]

/** SQL that builds the schema of this database, and says which migrations made it, all of them on one day. */
export async function dumpSchema(db: Db, release: { readonly version: string; readonly day: string }): Promise<string> {
  const catalog = await readCatalog(db)
  const applied = await Promise.all(
    catalog.tables
      .filter(({ name }) => migrationTables.has(name))
      .map((table) => literalRows(db, table, { timestamp: `${release.day}T00:00:00.000Z` })),
  )
  const head = `-- The schema of Understudy ${release.version}, written from PostgreSQL's catalog by bench/record-release.ts. It is never changed.`
  return `${[head, ...statements(catalog), ...applied.flat()].join('\n\n')}\n`
}
