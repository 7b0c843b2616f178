import { Button, Card, Flex, Grid, Heading, Kbd } from '@radix-ui/themes'
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'
import type { BlindQuestion } from '../../api/contract/questions.ts'
import { SeenInputView } from '../evidence/seen-input.tsx'
import { isTooSoon, labelKeys, meaningOf } from './questions.ts'

interface Actions {
  readonly say: (label: string | null) => void
  readonly undo: () => void
}

/** Keys belong to the page only while nothing else takes them: no field, no menu, no shortcut of the browser. */
const isOurs = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented &&
  !event.repeat &&
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !(
    event.target instanceof Element &&
    event.target.closest('input, textarea, select, [role="dialog"], [role="listbox"], [role="menu"]')
  )

/** Listens to the keys of the labels for as long as the component is mounted. */
export function useLabelKeys(question: BlindQuestion | undefined, { say, undo }: Actions) {
  const shownAt = useRef(0)
  // Before anything else can be heard: a key that comes with the change is too soon already.
  useLayoutEffect(() => {
    shownAt.current = performance.now()
  }, [question?.id])
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    const meaning = isOurs(event) ? meaningOf(event.key, question?.labels.length ?? 0) : undefined
    if (meaning === undefined) return
    if (meaning.kind === 'undo') undo()
    else if (question !== undefined && !isTooSoon(event.timeStamp, shownAt.current))
      say(meaning.kind === 'label' ? (question.labels[meaning.index]?.id ?? null) : null)
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => pressed(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

/** When the button that was pressed is gone with its question, the next question has the focus instead of nothing. */
function useFocusOfNext(question: string) {
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(question)
  useEffect(() => {
    if (before.current === question) return
    before.current = question
    if (document.activeElement === null || document.activeElement === document.body) heading.current?.focus()
  }, [question])
  return heading
}

/** The question, large, and a button for each label with its key. */
export function QuestionCard({
  question,
  busy,
  say,
}: {
  readonly question: BlindQuestion
  readonly busy: boolean
  readonly say: (label: string | null) => void
}) {
  const keys = labelKeys(question.labels.length)
  const heading = useFocusOfNext(question.id)
  return (
    <Card size="3" asChild>
      <section aria-labelledby="question" className="question">
        <Flex direction="column" gap="5">
          <Heading as="h2" size="5" id="question" ref={heading} tabIndex={-1}>
            What is this?
          </Heading>
          <SeenInputView input={question.input} name="The picture to label" />
          <Grid columns={{ initial: '1', xs: '2', md: '3' }} gap="3" role="group" aria-label="Labels">
            {question.labels.map((label, index) => (
              <Button key={label.id} size="3" variant="soft" disabled={busy} onClick={() => say(label.id)}>
                {keys[index] !== undefined && <Kbd aria-hidden="true">{keys[index].toUpperCase()}</Kbd>}
                {label.words}
              </Button>
            ))}
            <Button size="3" variant="soft" color="gray" disabled={busy} onClick={() => say(null)}>
              <Kbd aria-hidden="true">0</Kbd> I can’t tell
            </Button>
          </Grid>
        </Flex>
      </section>
    </Card>
  )
}
