import { Card, Flex, Grid, Heading, Text } from '@radix-ui/themes'
import type { Input, Message } from '../../../api/contract/messages.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import { ChoicePanel } from './choice-panel.tsx'
import { CorrectionPanel } from './correction-panel.tsx'
import { ScoreCards } from './score-cards.tsx'

const titleOf = (input: Input, message: Message): string => {
  if (message.pictures === 0) return 'What the versions made of the text'
  return message.inputs.length === 1 ? 'The picture' : `Picture ${input.position + 1} of ${message.inputs.length}`
}

const Picture = ({ input, title }: { readonly input: Input; readonly title: string }) =>
  input.picture ? (
    <img
      className="picture"
      src={input.picture.url}
      width={input.picture.width}
      height={input.picture.height}
      alt={`${title}, as the person sent it`}
    />
  ) : (
    <Flex align="center" justify="center" className="picture picture-gone">
      <Text size="2" color="gray">
        The picture is not kept, or has not arrived yet.
      </Text>
    </Flex>
  )

/** One picture, or the text: what each version said of it, what was chosen and why, and what people say. */
export function InputPanel({
  input,
  message,
  labels,
}: {
  readonly input: Input
  readonly message: Message
  readonly labels: readonly LabelWords[]
}) {
  const title = titleOf(input, message)
  const id = `input-${input.position}`
  const withPicture = message.pictures > 0
  return (
    <Card size="3" asChild>
      <section aria-labelledby={id}>
        <Flex direction="column" gap="5">
          <Heading as="h2" size="5" id={id}>
            {title}
          </Heading>
          <Grid columns={withPicture ? { initial: '1', sm: '260px 1fr' } : '1'} gap="5" align="start">
            {withPicture && <Picture input={input} title={title} />}
            <ScoreCards input={input} labels={labels} />
          </Grid>
          {input.choice && <ChoicePanel choice={input.choice} labels={labels} />}
          {input.choice && <CorrectionPanel input={input} bot={message.bot} labels={labels} />}
        </Flex>
      </section>
    </Card>
  )
}
