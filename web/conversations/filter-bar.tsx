import { Button, Flex, Select, TextField } from '@radix-ui/themes'
import { useEffect, useState } from 'react'
import type { BotState } from '../../api/contract/bots.ts'
import { outcomeNames } from '../../api/contract/messages.ts'
import { correctionStates } from '../../domain/correction.ts'
import { Icon } from '../frame/icons.tsx'
import type { MessageFilter } from '../operator/filter.ts'
import { outcomeWords } from '../plots/outcome-words.ts'
import { channelWords } from '../words.ts'
import { correctionWords } from './correction-words.ts'

/** A select cannot have an empty value. */
const everything = 'all'
const typingPauseMs = 300

type Options = readonly (readonly [value: string, words: string])[]

function Choice({
  name,
  all,
  value,
  options,
  choose,
}: {
  readonly name: string
  readonly all: string
  readonly value: string | undefined
  readonly options: Options
  readonly choose: (value: string) => void
}) {
  return (
    <Select.Root value={value ?? everything} onValueChange={(chosen) => choose(chosen === everything ? '' : chosen)}>
      <Select.Trigger aria-label={name} variant={value ? 'soft' : 'surface'} />
      <Select.Content position="popper">
        <Select.Item value={everything}>{all}</Select.Item>
        <Select.Separator />
        {options.map(([option, words]) => (
          <Select.Item key={option} value={option}>
            {words}
          </Select.Item>
        ))}
      </Select.Content>
    </Select.Root>
  )
}

/** Asks for what was typed after a short pause, not for every letter. */
function TextFilter({ given, choose }: { readonly given: string; readonly choose: (text: string) => void }) {
  const [text, setText] = useState(given)
  useEffect(() => {
    if (text.trim() === given) return undefined
    const pause = setTimeout(() => choose(text.trim()), typingPauseMs)
    return () => clearTimeout(pause)
  }, [text, given, choose])
  return (
    <TextField.Root
      type="search"
      aria-label="Words in the message"
      placeholder="Words in the message"
      value={text}
      onChange={(event) => setText(event.target.value)}
    >
      <TextField.Slot>
        <Icon name="search" size={16} />
      </TextField.Slot>
    </TextField.Root>
  )
}

/** What of the conversations is shown. */
export function FilterBar({
  filter,
  bots,
  set,
  clear,
}: {
  readonly filter: MessageFilter
  readonly bots: readonly BotState[]
  readonly set: (field: keyof MessageFilter, value: string) => void
  readonly clear: () => void
}) {
  // Counts the times that everything was cleared: the words are then forgotten too.
  const [cleared, setCleared] = useState(0)
  const channels = [...new Set([...bots.flatMap((bot) => bot.channels), 'http'])]
  const choices = [
    ['bot', 'Bot', 'All bots', bots.map(({ name }) => [name, name] as const)],
    ['channel', 'Channel', 'All channels', channels.map((channel) => [channel, channelWords(channel)] as const)],
    [
      'outcome',
      'Outcome',
      'All outcomeNames',
      outcomeNames.map((outcome) => [outcome, outcomeWords[outcome]] as const),
    ],
    [
      'correction',
      'Correction',
      'With or without correction',
      correctionStates.map((state) => [state, correctionWords[state]] as const),
    ],
  ] as const
  return (
    <Flex gap="2" wrap="wrap" align="center" role="search" aria-label="Filter the conversations">
      {choices.map(([field, name, all, options]) => (
        <Choice
          key={field}
          name={name}
          all={all}
          value={filter[field]}
          options={options}
          choose={(value) => set(field, value)}
        />
      ))}
      <TextFilter key={cleared} given={filter.q ?? ''} choose={(text) => set('q', text)} />
      {Object.keys(filter).length > 0 && (
        <Button
          variant="ghost"
          onClick={() => {
            clear()
            setCleared(cleared + 1)
          }}
        >
          Show all
        </Button>
      )}
    </Flex>
  )
}
