import { resolve, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../../config.ts'
import { portGiver } from '../ports.ts'
import { builtFolder } from '../processes/node-child.ts'
import { credentialVariables, findBots, loadSecrets, writeSimulatorFiles } from './apps.ts'
import type { Secrets, StartedBot } from './apps.ts'

/** Everything that is decided before the first process starts. */
export interface Plan {
  /** Absolute. */
  readonly home: string
  readonly bots: readonly StartedBot[]
  readonly secrets: Secrets
  /** Whether nothing was ever started on this data. */
  readonly first: boolean
  readonly simulated: { readonly slack: boolean; readonly x: boolean }
  readonly simulatorFiles: { readonly slack: string; readonly x: string }
  readonly ports: {
    readonly api: number
    readonly slack: number
    readonly x: number
    readonly temporal: number
    readonly temporalUi: number
    readonly postgres: number
  }
  readonly urls: { readonly api: string; readonly slack: string; readonly x: string; readonly temporalUi: string }
  /** Variables for every child, beside those that are known only when the servers run. */
  readonly environment: Readonly<Record<string, string>>
}

const portOf = (url: string, otherwise: number) => (url === 'live' ? otherwise : Number(new URL(url).port) || otherwise)

async function choosePorts(config: Config) {
  const give = portGiver()
  // One after the other: two questions at once could get the same answer.
  const api = await give(config.port)
  const slack = await give(portOf(config.slackApiUrl, 8081))
  const x = await give(portOf(config.xApiUrl, 8082))
  const temporal = await give(7233)
  const temporalUi = await give(8233)
  return { api, slack, x, temporal, temporalUi, postgres: await give(5439) }
}

function urlsOf(config: Config, ports: Plan['ports']): Plan['urls'] {
  return {
    api: `http://${config.host}:${ports.api}`,
    slack: config.slackApiUrl === 'live' ? 'live' : `http://127.0.0.1:${ports.slack}`,
    x: config.xApiUrl === 'live' ? 'live' : `http://127.0.0.1:${ports.x}`,
    temporalUi: config.temporal.address === undefined ? `http://127.0.0.1:${ports.temporalUi}` : config.temporal.uiUrl,
  }
}

/** Chooses ports, makes or reads the secrets, and writes the files of the simulators. */
export async function makePlan(config: Config): Promise<Plan> {
  const home = resolve(config.home)
  const bots = await findBots(join(builtFolder, 'bots'))
  const { secrets, first } = await loadSecrets(home, bots)
  const ports = await choosePorts(config)
  const urls = urlsOf(config, ports)
  const simulated = { slack: urls.slack !== 'live', x: urls.x !== 'live' }
  const simulatorFiles = await writeSimulatorFiles(home, { bots, secrets, apiUrl: urls.api })
  const environment = {
    ...credentialVariables(bots, secrets, simulated),
    UNDERSTUDY_HOME: home,
    LOCAL_ADMIN_TOKEN: secrets.adminToken,
    ...(simulated.slack && { DEMO_REVIEWER: 'U0ADA', DEMO_APPROVER: 'U0DMITRI' }),
    HOST: config.host,
    PORT: String(ports.api),
    BLOBS_URL: config.blobsUrl ?? pathToFileURL(join(home, 'blobs')).href,
    TEMPORAL_UI_URL: urls.temporalUi,
    SLACK_API_URL: urls.slack,
    X_API_URL: urls.x,
    // TensorFlow's greeting is not an error.
    TF_CPP_MIN_LOG_LEVEL: '2',
  }
  return { home, bots, secrets, first, simulated, simulatorFiles, ports, urls, environment }
}
