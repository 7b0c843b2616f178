import { Flex, Text } from '@radix-ui/themes'
import type { ShownInput } from '../../api/contract/values.ts'
import { goneWords } from './evidence-words.ts'

const Withheld = ({ children }: { readonly children: string }) => (
  <Flex align="center" justify="center" className="picture picture-gone">
    <Text size="2" color="gray">
      {children}
    </Text>
  </Flex>
)

/**
 * What a person sent: the picture, or the words as text. `name` says what it is to people who do not see it; `missing` what is said
 * when there is nothing to show.
 */
export function SeenInputView({
  input,
  name,
  missing = goneWords,
}: {
  readonly input: ShownInput | null
  readonly name: string
  readonly missing?: string
}) {
  if (!input) return <Withheld>{missing}</Withheld>
  if (input.kind === 'text')
    return (
      <Text as="p" dir="auto" className="said quoted">
        {input.text}
      </Text>
    )
  if (!input.shown) return <Withheld>Moderation keeps this picture back.</Withheld>
  return <img className="picture" src={`/api/pictures/${input.sha256}`} alt={name} loading="lazy" />
}
