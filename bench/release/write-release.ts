import { existsSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../../store/db.ts'
import { readCatalog } from '../../test/support/releases/catalog.ts'
import type { ServiceName } from '../../test/support/services.ts'
import type { Stack } from '../../test/support/stack.ts'
import { checkRecorded } from './check-recorded.ts'
import { dumpData } from './dump-data.ts'
import { dumpSchema, migrationTables } from './dump-schema.ts'

const services: readonly ServiceName[] = ['api', 'relay', 'conversations', 'inference', 'learning', 'training']

/**
 * Rows that would tell of the machine, or of what opens something, say something else of the same shape; of the many deliveries that
 * concern nobody a few are enough.
 */
async function clean(db: Db): Promise<void> {
  await sql`
    delete from inbound_events where ignored_because is not null and id not in (
      select id from (select id, row_number() over (partition by bot, channel, ignored_because order by id) as place
                      from inbound_events where ignored_because is not null) as numbered where place <= 2)`.execute(db)
  await sql`update sign_in_links set token_sha256 = encode(sha256(('a link of ' || expires_at)::bytea), 'hex')`.execute(
    db,
  )
  await sql`update sessions set token_sha256 = encode(sha256(('a session of ' || expires_at)::bytea), 'hex')`.execute(
    db,
  )
  // The name of a worker holds the id of its process.
  await sql`
    update warm_versions set worker = 'inference ' || place
    from (select worker as name, row_number() over (order by min(seen_at)) as place from warm_versions group by worker) as named
    where worker = name`.execute(db)
}

/** Addresses of this recording, as those of an installation somewhere. */
function withoutPorts(text: string, { urls }: Stack): string {
  return Object.entries(urls).reduce(
    (all, [name, url]) => all.replaceAll(url, `https://${name}.understudy.example`),
    text,
  )
}

/** Copies the bytes of every digest that the rows name; some digests are of rows, and have none. */
async function copyBlobs(data: string, from: string, to: string): Promise<void> {
  const names = [...new Set(data.match(/\b[0-9a-f]{64}\b/g))]
  const places = names.map((name) => join(name.slice(0, 2), name)).filter((place) => existsSync(join(from, place)))
  for (const place of places) {
    await mkdir(dirname(join(to, place)), { recursive: true })
    await copyFile(join(from, place), join(to, place))
  }
}

/** Stops what runs, so that nothing changes any more, and writes schema, rows and bytes into the folder. */
export async function writeRelease(
  stack: Stack,
  { folder, version }: { readonly folder: string; readonly version: string },
): Promise<void> {
  const { db } = stack
  for (const name of services) if (stack.runs(name)) await stack.kill(name)
  await clean(db)
  const day = new Date().toISOString().slice(0, 10)
  const schema = await dumpSchema(db, { version, day })
  const data = withoutPorts(await dumpData(db, { version, except: migrationTables }), stack)
  await writeFile(join(folder, 'data.sql'), data)
  await checkRecorded({ db, catalog: await readCatalog(db), schema, data, secrets: stack.secrets })
  await copyBlobs(data, stack.blobsFolder, join(folder, 'blobs'))
  await writeFile(join(folder, 'schema.sql'), schema)
}
