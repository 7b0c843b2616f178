import { Flex, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { ComparedInput } from '../../api/contract/judgement.ts'
import type { LabelWords } from '../../api/contract/values.ts'
import { baseExampleOf, parsePredictionId } from '../../domain/prediction.ts'
import { labelWords, plural } from '../words.ts'
import { missingInputWords } from './evidence-words.ts'
import { SeenInputView } from './seen-input.tsx'

/** Predictions name their message; examples of a dataset have no page. */
function conversationOf(prediction: string): string | undefined {
  const ref = parsePredictionId(prediction)
  return ref && `/conversations/${ref.messageId}`
}

function Said({ item, labels }: { readonly item: ComparedInput; readonly labels: readonly LabelWords[] }) {
  const words = (id: string) => labelWords(labels, id)
  const page = conversationOf(item.prediction)
  return (
    <Flex direction="column" gap="1">
      <Text size="2">
        <Text color="gray">Champion:</Text> {words(item.champion)}
      </Text>
      <Text size="2">
        <Text color="gray">Challenger:</Text> {words(item.challenger)}
      </Text>
      <Text size="2" weight="medium">
        {item.truth
          ? `${baseExampleOf(item.prediction) !== undefined ? 'The dataset says' : 'People say'}: ${words(item.truth)}`
          : 'Nobody has said what it is.'}
      </Text>
      {item.learned ? (
        <Text size="2" color="gray">
          One of them was trained on this: no evidence.
        </Text>
      ) : null}
      {item.earlier ? (
        <Text size="2" color="gray">
          After {plural(item.earlier, 'earlier message')} in its conversation.
        </Text>
      ) : null}
      {page && (
        <Text size="2">
          <Link href={page}>The conversation</Link>
        </Text>
      )}
    </Flex>
  )
}

/** Inputs with what champion and challenger say of each; `none` is said when there is none. */
export function ComparedList({
  name,
  items,
  labels,
  none,
}: {
  readonly name: string
  readonly items: readonly ComparedInput[]
  readonly labels: readonly LabelWords[]
  readonly none: string
}) {
  if (items.length === 0)
    return (
      <Text as="p" size="2" color="gray">
        {none}
      </Text>
    )
  return (
    <ul className="plain gallery" aria-label={name}>
      {items.map((item) => (
        <li key={item.prediction}>
          <Flex direction="column" gap="2">
            <SeenInputView
              input={item.input}
              name={`${baseExampleOf(item.prediction) !== undefined ? 'A held-out example' : 'What was sent'}; the challenger says ${item.challenger}`}
              missing={missingInputWords(item.prediction)}
            />
            <Said item={item} labels={labels} />
          </Flex>
        </li>
      ))}
    </ul>
  )
}
