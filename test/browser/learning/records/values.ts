import type { Gate } from '../../../../api/contract/judgement.ts'
import type { ShownInput } from '../../../../api/contract/values.ts'

/* Values that several records are made of. */

export const day = 24 * 60 * 60_000
export const minute = 60_000
export const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
export const ahead = (ms: number) => ago(-ms)

const pictureSha = 'ab'.repeat(32)
export const root = 'cd'.repeat(32)
export const weights = 'ef'.repeat(32)
export const uuid = (last: number) => `5b6f1d9e-2f0a-4c9e-9a53-${String(last).padStart(12, '0')}`
export const picture = { kind: 'picture', sha256: pictureSha, shown: true } as const satisfies ShownInput
export const text = (words: string): ShownInput => ({ kind: 'text', text: words })

export const gates = (golden: 'pass' | 'no_data' = 'pass'): readonly Gate[] => [
  {
    gate: 'base-holdout',
    verdict: 'pass',
    why: '97.7 % right beside the champion’s 97.3 % on 256 held-out examples',
  },
  {
    gate: 'correction-holdout',
    verdict: 'no_data',
    why: 'not enough evidence: 3 held-out corrections, 25 are needed',
  },
  {
    gate: 'beats-baseline',
    verdict: 'pass',
    why: '253 of 259 held-out examples and corrections right beside the baseline’s 249',
  },
  { gate: 'calibrated', verdict: 'pass', why: 'calibration error 3.1 % beside the champion’s 3.4 %' },
  { gate: 'sandbox', verdict: 'pass', why: 'it loads and answers in a sandbox' },
  { gate: 'latency', verdict: 'pass', why: 'p95 41 ms beside the champion’s 40 ms, budget 500 ms' },
  {
    gate: 'golden',
    verdict: golden,
    why: golden === 'pass' ? '12 of 12 golden examples right' : 'there is no golden set',
  },
]
