import { z } from 'zod'

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const ago = /^(\d{1,5})([smhd])$/

const isUnit = (text: string | undefined): text is keyof typeof unitMs => text !== undefined && text in unitMs

/** `90s`, `30m`, `2h`, `7d`: so long ago. Or a time in ISO 8601. */
export const sinceShape = z
  .string()
  .refine((text) => ago.test(text) || !Number.isNaN(Date.parse(text)), 'is a time, or such as 90s, 30m, 2h, 7d')
  .transform((text) => {
    const [, count, unit] = ago.exec(text) ?? []
    return isUnit(unit) ? new Date(Date.now() - Number(count) * unitMs[unit]) : new Date(text)
  })
