import { NotANumber } from '../../../training/task.ts'

/** A function to minimise: its value at `at`, and its slope written into `slope`. */
export type Objective = (at: Float64Array, slope: Float64Array) => number

const dot = (one: Float64Array, other: Float64Array): number => {
  let sum = 0
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0)
  return sum
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1)
    target[index] = (target[index] ?? 0) + factor * (source[index] ?? 0)
}

/** A step that was taken: how far, and how the slope changed. */
interface Step {
  readonly moved: Float64Array
  readonly turned: Float64Array
  readonly curvature: number
}

const memory = 7

/** The two-loop recursion: the slope times an estimate of the inverse second derivatives. */
function directionOf(slope: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = slope.slice()
  const factors = steps.toReversed().map(({ moved, turned, curvature }) => {
    const factor = dot(moved, direction) / curvature
    addScaled(direction, turned, -factor)
    return factor
  })
  const last = steps.at(-1)
  const scale = last ? last.curvature / dot(last.turned, last.turned) : 1
  for (let index = 0; index < direction.length; index += 1) direction[index] = (direction[index] ?? 0) * -scale
  for (const [index, { moved, turned, curvature }] of steps.entries()) {
    const factor = factors[steps.length - 1 - index] ?? 0
    addScaled(direction, moved, -factor - dot(turned, direction) / curvature)
  }
  return direction
}

interface Place {
  readonly at: Float64Array
  readonly slope: Float64Array
  readonly value: number
}

/** Halves the step until the value falls enough (Armijo); `undefined` when it does not any more. */
function search(objective: Objective, from: Place, direction: Float64Array, first: number): Place | undefined {
  const downhill = dot(from.slope, direction)
  for (let size = first; size > 1e-10; size /= 2) {
    const at = from.at.slice()
    addScaled(at, direction, size)
    const slope = new Float64Array(at.length)
    const value = objective(at, slope)
    if (value <= from.value + 1e-4 * size * downhill) return { at, slope, value }
  }
  return undefined
}

/**
 * Minimises a convex function (L-BFGS: Nocedal and Wright 2006, algorithm 7.5).
 * @returns the lowest point that was found after `steps` steps, or earlier where the slope is flatter than `flat`.
 * @throws NotANumber when the start has no finite value; no later point is without one.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  options: { readonly steps: number; readonly flat: number; readonly onStep?: (step: number, value: number) => void },
): Float64Array {
  const slope = new Float64Array(start.length)
  let place: Place = { at: start, slope, value: objective(start, slope) }
  // No step is downhill from there, so the search would end at once and say nothing.
  if (!Number.isFinite(place.value)) throw new NotANumber('before the first step')
  const steps: Step[] = []
  for (let step = 1; step <= options.steps; step += 1) {
    const length = Math.sqrt(dot(place.slope, place.slope))
    if (length < options.flat) break
    const direction = directionOf(place.slope, steps)
    const next = search(objective, place, direction, steps.length === 0 ? Math.min(1, 1 / length) : 1)
    if (next === undefined) break
    const moved = next.at.slice()
    addScaled(moved, place.at, -1)
    const turned = next.slope.slice()
    addScaled(turned, place.slope, -1)
    const curvature = dot(moved, turned)
    if (curvature > 1e-12) steps.push({ moved, turned, curvature })
    if (steps.length > memory) steps.shift()
    place = next
    options.onStep?.(step, place.value)
  }
  return place.at
}
