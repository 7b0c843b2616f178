import type { ScaledClock } from '../wire/clock.ts'
import type { Courier } from '../wire/courier.ts'
import type { Faults } from '../wire/faults.ts'
import type { Ledger } from '../wire/ledger.ts'
import type { SlackApp } from './apps.ts'
import type { ChannelLimit } from './limits.ts'
import type { SlackRecord } from './records.ts'
import type { Workspace } from './workspace.ts'

/** What the handlers of one Slack simulator share. */
export interface World {
  readonly apps: readonly SlackApp[]
  readonly workspace: Workspace
  readonly ledger: Ledger<SlackRecord>
  readonly faults: Faults
  readonly clock: ScaledClock
  readonly courier: Courier
  readonly limit: ChannelLimit
}
