/** Numbers in [0, 1) that look random and are the same for the same seed. */
export type Random = () => number

/**
 * The mulberry32 generator.
 * @param seed an integer that is not 0, because TensorFlow takes 0 for "any seed" and a seed is shared with it.
 * @throws RangeError for another seed.
 */
export function seededRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed === 0) throw new RangeError('a seed is an integer other than 0')
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A standard normal number (Box–Muller). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** The items in another order (Fisher–Yates); the argument stays as it is. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const order = [...items]
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const [one, two] = [order[index] as T, order[other] as T]
    order[index] = two
    order[other] = one
  }
  return order
}
