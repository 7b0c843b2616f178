import { z } from 'zod'
import type { ScaledClock } from './clock.ts'
import type { Courier, Delivery, Parcel } from './courier.ts'
import { BadRequest, json } from './exchange.ts'
import { faultShape } from './faults.ts'
import type { Faults } from './faults.ts'
import { pictureShape } from './pictures.ts'
import type { Picture } from './pictures.ts'
import { bodyOf } from './routes.ts'
import type { Route } from './routes.ts'

/** How often an event is delivered, beyond the platform's retries. */
export const deliveriesShape = z.strictObject({
  /** The same event with the same transport id, so many times at once. */
  copies: z.int().min(0).max(100).default(1),
  /** The event of the other type that the platform sends for the same message. */
  twins: z.boolean().default(true),
  /** So many more deliveries of the same message, each under a new event id. */
  newEventIds: z.int().min(0).max(100).default(0),
})
export type Deliveries = z.infer<typeof deliveriesShape>

/** The parcels of one message: `primary` may be made under a new event id, `twins` are the events of other types. */
export interface Parcels {
  readonly primary: (newEventId: boolean) => Parcel
  readonly twins: readonly Parcel[]
}

/** What is sent for one message, in order. */
export function planned(parcels: Parcels, plan: Deliveries): readonly Parcel[] {
  const same = parcels.primary(false)
  return [
    ...Array.from({ length: plan.copies }, () => same),
    ...(plan.twins ? parcels.twins : []),
    ...Array.from({ length: plan.newEventIds }, () => parcels.primary(true)),
  ]
}

/** Sends all at once; waits for the first attempts only when `wait` is set. @returns the event ids, and what was waited for. */
export async function sendAll(
  courier: Courier,
  parcels: readonly Parcel[],
  wait: boolean,
): Promise<{ readonly eventIds: readonly string[]; readonly deliveries?: readonly Delivery[] }> {
  const eventIds = [...new Set(parcels.map(({ eventId }) => eventId))]
  const attempts = Promise.all(parcels.map((parcel) => courier.deliver(parcel)))
  return wait ? { eventIds, deliveries: await attempts } : { eventIds }
}

const clockShape = z.strictObject({
  /** How many times faster than real time the retry schedule runs. */
  scale: z.number().positive().max(100_000).optional(),
  /** Overrules the platform's ack limit, in real milliseconds; `null` restores it. */
  ackMs: z.int().min(1).max(60_000).nullable().optional(),
})

export interface Controls {
  readonly faults: Faults
  readonly clock: ScaledClock
  readonly courier: Courier
  /** The methods that a fault may name, and whether a text names one of them. */
  readonly methods: readonly string[]
  readonly isMethod: (text: string) => boolean
  readonly registerPicture: (picture: Picture) => Promise<void>
  readonly reset: () => Promise<void>
}

const faultRoutes = ({ faults, methods, isMethod }: Controls): readonly Route[] => [
  {
    pattern: 'POST /_sim/faults',
    handle: (exchange) => {
      const fault = bodyOf(exchange, faultShape)
      if (!isMethod(fault.method))
        throw new BadRequest(`method: there is no such method here. There are: ${methods.join(', ')}`)
      faults.add(fault)
      return json({ faults: faults.list() })
    },
  },
  { pattern: 'GET /_sim/faults', handle: () => json({ faults: faults.list() }) },
]

/** The control calls that both simulators have. */
export const controlRoutes = (controls: Controls): readonly Route[] => [
  ...faultRoutes(controls),
  {
    pattern: 'POST /_sim/clock',
    handle: (exchange) => {
      const { scale, ackMs } = bodyOf(exchange, clockShape)
      if (scale !== undefined) controls.clock.setScale(scale)
      if (ackMs !== undefined) controls.courier.setAckMs(ackMs ?? undefined)
      return json({ scale: controls.clock.scale() })
    },
  },
  {
    pattern: 'GET /_sim/deliveries',
    handle: ({ query }) =>
      json({
        deliveries: controls.courier.deliveries(query.get('since') ?? undefined),
        pending: controls.courier.pending(),
      }),
  },
  {
    pattern: 'POST /_sim/pictures',
    handle: async (exchange) => {
      const picture = bodyOf(exchange, pictureShape)
      await controls.registerPicture(picture)
      return json({ url: `https://pictures.example${picture.path}` })
    },
  },
  {
    pattern: 'POST /_sim/reset',
    handle: async () => {
      await controls.reset()
      return json({ ok: true })
    },
  },
]
