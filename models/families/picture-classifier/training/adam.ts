import type { Tensor, Tf } from '../../../tensorflow.ts'

/** Adam's own constants (Kingma and Ba 2015). */
const [momentum, variance, epsilon] = [0.9, 0.999, 1e-8]

/** A parameter with the running means of its gradient and of the gradient's square. */
export interface Parameter {
  readonly value: Tensor
  readonly first: Tensor
  readonly second: Tensor
}
/** One step of Adam (Kingma and Ba 2015); `at.step` counts from 1. */
export function adam(
  tf: Tf,
  parameter: Parameter,
  gradient: Tensor,
  at: { readonly step: number; readonly rate: number },
): Parameter {
  const first = tf.add(tf.mul(parameter.first, momentum), tf.mul(gradient, 1 - momentum))
  const second = tf.add(tf.mul(parameter.second, variance), tf.mul(tf.square(gradient), 1 - variance))
  const scale = at.rate / (1 - momentum ** at.step)
  const root = tf.sqrt(tf.div(second, 1 - variance ** at.step))
  return { value: tf.sub(parameter.value, tf.mul(tf.div(first, tf.add(root, epsilon)), scale)), first, second }
}

/** A parameter before its first step. */
export const startAt = (tf: Tf, value: Tensor): Parameter => ({
  value,
  first: tf.zerosLike(value),
  second: tf.zerosLike(value),
})

export const tensorsOfParameter = ({ value, first, second }: Parameter): readonly Tensor[] => [value, first, second]
