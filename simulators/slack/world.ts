import type { ScaledClock } from '../wire/clock.ts'
import type { Courier } from '../wire/courier.ts'
import type { Faults } from '../wire/faults.ts'
import type { Ledger } from '../wire/ledger.ts'
import type { Changes } from '../wire/page/changes.ts'
import type { SlackApp } from './apps.ts'
import type { ChannelLimit } from './limits.ts'
import type { SlackRecord } from './state/records.ts'
import type { Workspace } from './state/workspace.ts'

/** A file on its way: an address was given out for it, and its bytes may have come. */
export interface Upload {
  readonly bot: string
  readonly token: string
  readonly name: string
  readonly length: number
  content: Buffer | undefined
}

/** What the handlers of one Slack simulator share. */
export interface World {
  readonly apps: readonly SlackApp[]
  readonly workspace: Workspace
  readonly ledger: Ledger<SlackRecord>
  readonly faults: Faults
  readonly clock: ScaledClock
  readonly courier: Courier
  readonly limit: ChannelLimit
  readonly changes: Changes
  /** By file id; not kept over a restart, as nothing of them is visible yet. */
  readonly uploads: Map<string, Upload>
  /** `http://127.0.0.1:<port>`, where the simulator can be reached. */
  readonly baseUrl: () => string
}

/** The app with the scopes that it has left. */
export function installed(world: World, app: SlackApp): SlackApp {
  const missing = world.workspace.installations.get(app.bot)?.missingScopes ?? []
  return { ...app, scopes: app.scopes.filter((scope) => !missing.includes(scope)) }
}

/** Whether the app's token was revoked: it can do nothing, and hears of nothing. */
export const isRevoked = (world: World, bot: string): boolean =>
  world.workspace.installations.get(bot)?.revoked === true
