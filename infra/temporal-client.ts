import { Client, Connection } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import type { Config } from './config.ts'
import { openStories, type Stories } from './temporal/stories.ts'

/** The connection's options: `TEMPORAL_*` variables and profiles as Temporal's own tools read them. */
export const connectOptions = (config: Config) => {
  const { connectionOptions } = loadClientConnectConfig()
  return { ...connectionOptions, address: config.temporal.address ?? connectionOptions.address ?? '127.0.0.1:7233' }
}

/** Who did it, in histories and in the UI: the process, without the machine's name. */
export const workerIdentity = (name: string): string => `${name}:${process.pid}`

/** A client that connects on its first call, so that a process starts while Temporal is down. One per process. */
export function openTemporalClient(config: Config): {
  readonly client: Client
  readonly stories: Stories
  readonly close: () => Promise<void>
} {
  const connection = Connection.lazy(connectOptions(config))
  // The default identity would write this machine's name into every history.
  const client = new Client({ connection, namespace: config.temporal.namespace, identity: workerIdentity('relay') })
  return { client, stories: openStories(client), close: () => connection.close() }
}
