import { Flex, Text } from '@radix-ui/themes'
import type { ReactNode } from 'react'
import type { BotState } from '../../api/contract/bots.ts'

const words = { ok: 'Healthy', waiting: 'Waiting', down: 'Down' } as const

/** A light and its words; the colour alone never says it. `children`: that the bot is paused. */
export const Health = ({ health, children }: { readonly health: BotState['health']; readonly children: ReactNode }) => (
  <Flex gap="2" align="baseline" role="status">
    <span className={children ? 'lamp lamp-paused' : `lamp lamp-${health.state}`} aria-hidden="true" />
    <Text size="2">
      {children ? <strong>{children}</strong> : <strong>{words[health.state]}</strong>}
      {health.reason && <Text color="gray">: {health.reason}</Text>}
    </Text>
  </Flex>
)
