import { Box, Button, Flex, TextField } from '@radix-ui/themes'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { Icon } from '../frame/icons.tsx'

/** Takes a link or an id of anything, and goes to what it belongs to. */
export function FindBox({ given = '' }: { readonly given?: string }) {
  const [text, setText] = useState(given)
  const [, go] = useLocation()
  const find = () => {
    const wanted = text.trim()
    if (wanted) go(`/find?q=${encodeURIComponent(wanted)}`)
  }
  return (
    <form
      role="search"
      aria-label="Find a conversation"
      onSubmit={(event) => {
        event.preventDefault()
        find()
      }}
    >
      <Flex gap="2">
        <Box flexGrow="1" asChild>
          <TextField.Root
            size="3"
            type="search"
            enterKeyHint="search"
            aria-label="Link or id"
            placeholder="Paste a link to a post, a message id or a workflow id"
            value={text}
            onChange={(event) => setText(event.target.value)}
          >
            <TextField.Slot>
              <Icon name="search" />
            </TextField.Slot>
          </TextField.Root>
        </Box>
        <Button size="3" type="submit" disabled={!text.trim()}>
          Find
        </Button>
      </Flex>
    </form>
  )
}
