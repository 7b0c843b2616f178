import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  type NativeConnectionOptions,
  Runtime,
} from '@temporalio/worker'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { connectOptions } from './temporal-client.ts'
import { untilItAnswers } from './until-it-answers.ts'

// Apart from this file, because a process that only asks Temporal starts in half the time without the library of the workers.
export { workerIdentity } from './temporal-client.ts'

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

/** gRPC's UNAUTHENTICATED and PERMISSION_DENIED in the words of the SDK: a wrong key stays wrong, however long one waits. */
const refusal = /valid authentication credentials|does not have permission/

/** The connection of a process's workers; waits for a server that is not up yet. */
export async function connectWorkers(
  config: Config,
  log: Logger,
  options: { readonly stopping: AbortSignal },
): Promise<NativeConnection> {
  const isOutage = (error: unknown) => !(error instanceof Error && refusal.test(error.message))
  const ask = () => NativeConnection.connect(workerOptions(config))
  return await untilItAnswers({ name: 'Temporal', ask, isOutage }, { log, ...options })
}
