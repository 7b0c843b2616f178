import { Client, Connection } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  type NativeConnectionOptions,
  Runtime,
} from '@temporalio/worker'
import type { Logger } from 'pino'
import type { Config } from './config.ts'

/** The connection's options: `TEMPORAL_*` variables and profiles as Temporal's own tools read them. */
const connectOptions = (config: Config) => {
  const { connectionOptions } = loadClientConnectConfig()
  return { ...connectionOptions, address: config.temporal.address ?? connectionOptions.address ?? '127.0.0.1:7233' }
}

/** Who did it, in histories and in the UI: the process, without the machine's name. */
export const workerIdentity = (name: string): string => `${name}:${process.pid}`

/** A client that connects on its first call, so that a process starts while Temporal is down. One per process. */
export function openTemporalClient(config: Config): { readonly client: Client; readonly close: () => Promise<void> } {
  const connection = Connection.lazy(connectOptions(config))
  return {
    // The default identity would write this machine's name into every history.
    client: new Client({ connection, namespace: config.temporal.namespace, identity: workerIdentity('relay') }),
    close: () => connection.close(),
  }
}

/** Sends the SDK's log lines to ours; shutting down is the process's own business, so no signal handlers. */
export function installRuntime(log: Logger): void {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) =>
    log[levels[level]]({ sdk: meta?.['sdkComponent'] }, message),
  )
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
  })
}

const loopback = /^(?:localhost|127\.[\d.]+|\[::1\]):/

/** Packing what never leaves the machine costs both sides time and saves nothing. */
const workerOptions = (config: Config): NativeConnectionOptions => {
  const options = connectOptions(config)
  return loopback.test(options.address) ? { ...options, grpcCompression: { codec: 'none' } } : options
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The connection of a process's workers; waits for a server that is not up yet. */
export async function connectWorkers(
  config: Config,
  log: Logger,
  options: { readonly stopping: AbortSignal },
): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await NativeConnection.connect(workerOptions(config))
    } catch (error) {
      if (options.stopping.aborted) throw error
      log.warn({ attempt }, 'Temporal does not answer yet')
      await pause(Math.min(250 * attempt, 5_000))
    }
  }
}
