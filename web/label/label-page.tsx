import { Button, Flex, Kbd, Progress, Skeleton, Text } from '@radix-ui/themes'
import { useState } from 'react'
import type { BlindQuestion, BlindQuestions } from '../../api/contract/questions.ts'
import { OneOrAll, useAddressField } from '../evidence/one-or-all.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState, ProblemNotice } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { ApiProblem } from '../operator/client.ts'
import { useLabel, useQuestions, useUnlabel } from '../operator/learning/queries.ts'
import { useBots } from '../operator/queries.ts'
import { count, plural } from '../words.ts'
import { QuestionCard, useLabelKeys } from './question-card.tsx'
import { nextQuestion } from './questions.ts'

/** Somebody else has settled it: there is nothing left to answer. */
const isSettled = (error: unknown) => error instanceof ApiProblem && error.status === 409

/** One question after the other; the last ones that this person labelled here can be taken back. */
function useLabelling(open: readonly BlindQuestion[]) {
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

function ProgressLine({ progress: { open, labelledToday, byMe } }: Pick<BlindQuestions, 'progress'>) {
  const all = open + labelledToday
  const words = `${plural(open, 'question')} open, ${count(labelledToday)} labelled today, ${count(byMe)} by you`
  return (
    <Flex direction="column" gap="2">
      <Text size="2" role="status">
        {words}
      </Text>
      <Progress value={labelledToday} max={Math.max(1, all)} aria-label={words} />
    </Flex>
  )
}

function Labelling({ asked }: { readonly asked: BlindQuestions }) {
  const { question, say, undo, busy, canUndo, error } = useLabelling(asked.questions)
  useLabelKeys(question, { say, undo })
  return (
    <>
      <ProgressLine progress={asked.progress} />
      {error && <ProblemNotice error={error} />}
      {question ? (
        <QuestionCard question={question} busy={busy} say={say} />
      ) : (
        <EmptyState title={asked.progress.open > 0 ? 'No question is left for you' : 'No question is open'}>
          {asked.progress.open > 0 && 'You have answered those that are open; other people decide them. '}
          New ones come when two versions disagree, and from a small random share of all answers. They appear here by
          themselves.
        </EmptyState>
      )}
      <Flex gap="3" align="center" wrap="wrap">
        <Button variant="soft" color="gray" disabled={!canUndo || busy} onClick={undo}>
          <Kbd aria-hidden="true">U</Kbd> Undo my last label
        </Button>
        <Text size="2" color="gray">
          You are not told which version said what, so that your label is only yours.
        </Text>
      </Flex>
    </>
  )
}

/** Blind questions, one after the other. */
export function LabelPage() {
  const session = useSignedIn()
  const bots = (useBots().data ?? []).filter(({ name }) => may(session, name, 'reviewer'))
  const [bot, setBot] = useAddressField('bot')
  const mayLabel = may(session, '*', 'reviewer') || bots.length > 0
  const asked = useQuestions(bot, mayLabel)
  if (!mayLabel)
    return (
      <Page title="Label">
        <EmptyState title="Labels are for reviewers">An admin can give you the role.</EmptyState>
      </Page>
    )
  const choice = (
    <OneOrAll name="Bot" all="All bots" value={bot} options={bots.map(({ name }) => [name, name])} choose={setBot} />
  )
  return (
    <Page title="Label" actions={choice}>
      <Loaded query={asked} skeleton={<Skeleton height="420px" />}>
        {(found) => <Labelling key={bot} asked={found} />}
      </Loaded>
    </Page>
  )
}
