import type { ScaledClock } from '../wire/clock.ts'
import type { Courier, Parcel } from '../wire/courier.ts'
import type { Faults } from '../wire/faults.ts'
import type { Ledger } from '../wire/ledger.ts'
import type { XApp } from './apps.ts'
import type { CallLimits } from './limits.ts'
import type { Network } from './network.ts'
import type { XRecord } from './records.ts'

/** What the handlers of one X simulator share. */
export interface World {
  readonly apps: readonly XApp[]
  readonly network: Network
  readonly ledger: Ledger<XRecord>
  readonly faults: Faults
  readonly clock: ScaledClock
  readonly courier: Courier
  readonly limits: CallLimits
  /** The bots whose webhook failed its CRC: X delivers nothing to them. */
  readonly invalid: Set<string>
}

/** The parcels that X would send: none to an invalid webhook. */
export const deliverable = (world: World, parcels: readonly Parcel[]): readonly Parcel[] =>
  parcels.filter(({ bot }) => !world.invalid.has(bot))
