import type { Head } from './heads.ts'

/**
 * What a head says about stored embeddings: one row of logits each. In double precision and without TensorFlow, so that a version is
 * judged the same wherever that happens.
 */
export function logitsOfRows(head: Head, rows: readonly Float32Array[]): readonly (readonly number[])[] {
  const labels = head.bias.length
  return rows.map((row) => {
    const logits = [...head.bias]
    for (const [at, value] of row.entries()) {
      const scaled = (value - (head.mean[at] ?? 0)) / (head.deviation[at] ?? 1)
      for (let label = 0; label < labels; label += 1)
        logits[label] = (logits[label] ?? 0) + scaled * (head.matrix[at * labels + label] ?? 0)
    }
    return logits
  })
}
