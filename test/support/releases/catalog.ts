import { sql } from 'kysely'
import type { Db } from '../../../store/db.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  /** What PostgreSQL fills in, as SQL; `identity` columns count by themselves. */
  readonly default: string | null
  readonly identity: 'always' | 'by default' | null
}

/** A table with its columns in their order. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

/** A part of a table that is written down as SQL. */
export interface Part {
  readonly table: string
  readonly name: string
  readonly sql: string
}

/** A schema as PostgreSQL's catalog tells it, each list in the order of its names: equal catalogs are equal schemas. */
export interface Catalog {
  readonly functions: readonly string[]
  readonly tables: readonly Table[]
  /** Primary keys, unique and check constraints. */
  readonly constraints: readonly Part[]
  readonly foreignKeys: readonly (Part & { readonly refersTo: string })[]
  /** Those that no constraint brings along. */
  readonly indexes: readonly Part[]
  readonly triggers: readonly Part[]
}

const inPublic = sql`(select oid from pg_namespace where nspname = 'public')`

/** Kinds of objects that no migration makes so far, and that the catalog would leave out in silence. */
const others = sql<{ what: string }>`
  select 'relation ' || relname as what from pg_class where relnamespace = ${inPublic} and relkind not in ('r', 'i', 'S')
  union all
  select 'sequence ' || relname from pg_class where relnamespace = ${inPublic} and relkind = 'S'
    and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'i')
  union all
  select 'type ' || typname from pg_type where typnamespace = ${inPublic} and typtype in ('d', 'e', 'r', 'm')
  union all
  select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
  union all
  select 'generated column ' || attname from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = ${inPublic} and attgenerated <> ''
  union all
  select 'policy ' || polname from pg_policy
  union all
  select 'rule ' || rulename from pg_rules where schemaname = 'public'
  union all
  select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')`

const tables = sql<Table>`
  select relname as name, (
    select jsonb_agg(jsonb_build_object(
      'name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
      'default', pg_get_expr(adbin, adrelid),
      'identity', case attidentity when 'a' then 'always' when 'd' then 'by default' end) order by attnum)
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns
  from pg_class where relnamespace = ${inPublic} and relkind = 'r' order by relname collate "C"`

// What says NOT NULL is told by the columns, and is a constraint too since PostgreSQL 18.
const constraints = sql<Part & { readonly kind: string; readonly refersTo: string | null }>`
  select conrelid::regclass::text as table, conname as name, contype as kind, pg_get_constraintdef(oid) as sql,
         nullif(confrelid, 0)::regclass::text as "refersTo"
  from pg_constraint where connamespace = ${inPublic} and contype <> 'n'
  order by conrelid::regclass::text collate "C", contype = 'c', contype = 'u', conname collate "C"`

const indexes = sql<Part>`
  select indrelid::regclass::text as table, relname as name, pg_get_indexdef(indexrelid) as sql
  from pg_index join pg_class on pg_class.oid = indexrelid
  where relnamespace = ${inPublic} and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
  order by relname collate "C"`

const triggers = sql<Part>`
  select tgrelid::regclass::text as table, tgname as name, pg_get_triggerdef(pg_trigger.oid) as sql
  from pg_trigger where not tgisinternal order by tgrelid::regclass::text collate "C", tgname collate "C"`

const functions = sql<{ sql: string }>`
  select pg_get_functiondef(oid) as sql from pg_proc where pronamespace = ${inPublic} order by proname collate "C"`

/**
 * Reads the schema `public`.
 * @throws Error naming what it does not know how to tell.
 */
export async function readCatalog(db: Db): Promise<Catalog> {
  const unknown = (await others.execute(db)).rows.map(({ what }) => what)
  if (unknown.length > 0) throw new Error(`the catalog cannot tell of these: ${unknown.join(', ')}`)
  const all = (await constraints.execute(db)).rows
  return {
    functions: (await functions.execute(db)).rows.map((row) => row.sql),
    tables: (await tables.execute(db)).rows,
    constraints: all.flatMap(({ kind, table, name, sql: text }) => (kind === 'f' ? [] : [{ table, name, sql: text }])),
    foreignKeys: all.flatMap(({ kind, refersTo, ...part }) =>
      kind === 'f' && refersTo !== null ? [{ ...part, refersTo }] : [],
    ),
    indexes: (await indexes.execute(db)).rows,
    triggers: (await triggers.execute(db)).rows,
  }
}
