import type { Check } from '../../contract/bots.ts'

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail, next: '' })
export const warn = (name: string, detail: string, next: string): Check => ({ name, state: 'warn', detail, next })
export const fail = (name: string, detail: string, next: string): Check => ({ name, state: 'fail', detail, next })
