const lowest = 0.1

/** What the axis of the evidence spans: from what it fell to, to twice the bound or what it rose to. */
export function eValueRange(values: readonly number[], bound: number): readonly [least: number, most: number] {
  const fallen = values.filter((value) => value > 0).map((value) => value / 1.2)
  return [Math.min(lowest, ...fallen), Math.max(bound * 2, ...values.map((value) => value * 1.2))]
}
