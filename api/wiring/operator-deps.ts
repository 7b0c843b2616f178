import type { FastifyBaseLogger } from 'fastify'
import { openBlobs } from '../../adapters/blobs/files.ts'
import type { Config } from '../../infra/config.ts'
import type { Stories } from '../../infra/temporal/stories.ts'
import type { Db } from '../../store/db.ts'
import type { OpenBots } from '../../workers/bots/open-bots.ts'
import { killPoint } from '../../infra/kill-point.ts'
import { blobsUrlOf, simulatorOf } from '../../workers/settings.ts'
import type { OperatorDeps } from '../operator/context.ts'
import { doctor } from './doctor.ts'

export interface OperatorWiring {
  readonly config: Config
  readonly log: FastifyBaseLogger
  readonly db: Db
  readonly stories: () => Promise<Stories>
  readonly bots: OpenBots
  /** Resolves once the database has answered for the first time; rejects while it is down. */
  readonly ready: () => Promise<void>
}

const talkAt = (config: Config) =>
  (['slack', 'x'] as const).flatMap((channel) => {
    const url = simulatorOf(channel === 'slack' ? config.slackApiUrl : config.xApiUrl)
    return url === undefined ? [] : [{ channel, url }]
  })

/** What the operator API stands on, as the configuration says. */
export const operatorDeps = ({ config, log, db, stories, bots, ready }: OperatorWiring): OperatorDeps => ({
  log,
  db,
  ready,
  blobs: openBlobs(blobsUrlOf(config)),
  operations: { db, stories, log, at: killPoint(config.killAt) },
  bots: bots.all,
  refreshBots: bots.refresh,
  localAdminToken: config.localAdminToken,
  publicUrl: config.publicUrl,
  temporalUiUrl: config.temporal.uiUrl,
  temporalNamespace: config.temporal.namespace,
  talkAt: talkAt(config),
  doctor: () => doctor({ config, db, stories, bots: bots.all() }),
})
