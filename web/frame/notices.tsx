import { Button, Callout, Card, Flex, Heading, Text } from '@radix-ui/themes'
import type { ReactNode } from 'react'
import { ApiProblem } from '../operator/client.ts'

const nextOf = (problem: ApiProblem): string =>
  problem.status === 403 ? `${problem.detail} An admin can give you the role.` : problem.detail

/** What went wrong, and what to do next. Read out at once by a screen reader. */
export function ProblemNotice({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const problem =
    error instanceof ApiProblem
      ? error
      : new ApiProblem(0, 'This page has a fault', 'Load it again; if it stays, report it.')
  return (
    <Callout.Root color="red" role="alert">
      <Callout.Text>
        <strong>{problem.title}.</strong> {nextOf(problem)}
      </Callout.Text>
      {again && (
        <Flex>
          <Button size="1" variant="soft" color="red" onClick={again}>
            Try again
          </Button>
        </Flex>
      )}
    </Callout.Root>
  )
}

/** Something was done. Read out when a screen reader has time. */
export const DoneNotice = ({ children }: { readonly children: ReactNode }) => (
  <Callout.Root color="green" size="1" role="status">
    <Callout.Text>{children}</Callout.Text>
  </Callout.Root>
)

/** There is nothing to show yet: says what to do about it. */
export const EmptyState = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card size="3" variant="surface">
    <Flex direction="column" align="center" gap="2" py="5" className="empty">
      <Heading as="h2" size="4">
        {title}
      </Heading>
      <Text as="div" color="gray" size="2" align="center">
        {children}
      </Text>
    </Flex>
  </Card>
)
