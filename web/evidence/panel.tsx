import { Card, Flex, Heading } from '@radix-ui/themes'
import type { ReactNode } from 'react'

/** A part of a page with its own heading; `id` is that of the heading. */
export const Panel = ({
  id,
  title,
  actions,
  children,
}: {
  readonly id: string
  readonly title: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => (
  <Card size="3" asChild>
    <section aria-labelledby={id}>
      <Flex direction="column" gap="4">
        <Flex justify="between" align="start" gap="3" wrap="wrap">
          <Heading as="h2" size="5" id={id}>
            {title}
          </Heading>
          {actions}
        </Flex>
        {children}
      </Flex>
    </section>
  </Card>
)
