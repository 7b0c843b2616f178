import type { Bot } from '../bot.ts'

/** Nobody is told 0 or 100 %: a model that has seen a few hundred pictures is never that sure. */
export const percentOf = (confidence: number): string => `${Math.min(99, Math.max(1, Math.round(confidence * 100)))}`

/** Fills `{name}`s in; one without a value stays as it is. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)

/** A label as people read it. */
export const wordsOf = ({ labels }: Pick<Bot, 'labels'>, id: string): string =>
  labels.find((label) => label.id === id)?.words ?? id
