import { useState } from 'react'
import type { BlindQuestion } from '../operator/learning/answers.ts'
import { useLabel, useUnlabel } from '../operator/learning/queries.ts'

/** One question after the other; the last ones that this person labelled here can be taken back. */
export function useLabelling(open: readonly BlindQuestion[]) {
  const [done, setDone] = useState<readonly BlindQuestion[]>([])
  const [first, setFirst] = useState<BlindQuestion>()
  const label = useLabel()
  const unlabel = useUnlabel()
  const isDone = (question: BlindQuestion) => done.some(({ id }) => id === question.id)
  const question = first ?? open.find((each) => !isDone(each))
  const busy = label.isPending || unlabel.isPending
  const say = (said: string | null) => {
    if (question === undefined || busy) return
    unlabel.reset()
    label.mutate(
      { question: question.id, label: said },
      {
        onSuccess: () => {
          setDone([...done, question])
          setFirst(undefined)
        },
      },
    )
  }
  const undo = () => {
    const last = done.at(-1)
    if (last === undefined || busy) return
    label.reset()
    unlabel.mutate(last.id, {
      onSuccess: () => {
        setDone(done.slice(0, -1))
        setFirst(last)
      },
    })
  }
  return { question, say, undo, busy, canUndo: done.length > 0, error: label.error ?? unlabel.error }
}
