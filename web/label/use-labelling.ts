import { useState } from 'react'
import type { BlindQuestion } from '../../api/contract/questions.ts'
import { ApiProblem } from '../operator/client.ts'
import { useLabel, useUnlabel } from '../operator/learning/queries.ts'
import { nextQuestion } from './next-question.ts'

/** Somebody else has settled it: there is nothing left to answer. */
const isSettled = (error: unknown) => error instanceof ApiProblem && error.status === 409

/** One question after the other; the last ones that this person labelled here can be taken back. */
export function useLabelling(open: readonly BlindQuestion[]) {
  const [done, setDone] = useState<readonly BlindQuestion[]>([])
  const [undone, setUndone] = useState<BlindQuestion>()
  const [shown, setShown] = useState<string>()
  const label = useLabel()
  const unlabel = useUnlabel()
  const question = undone ?? nextQuestion(open, { shown, done })
  if (question?.id !== shown) setShown(question?.id)
  const busy = label.isPending || unlabel.isPending
  const say = (said: string | null) => {
    if (question === undefined || busy) return
    unlabel.reset()
    label.mutate(
      { question: question.id, label: said },
      {
        onSuccess: () => {
          setDone([...done, question])
          setUndone(undefined)
        },
        onError: (error) => {
          if (isSettled(error)) setUndone(undefined)
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
        setUndone(last)
      },
    })
  }
  return { question, say, undo, busy, canUndo: done.length > 0, error: label.error ?? unlabel.error }
}
