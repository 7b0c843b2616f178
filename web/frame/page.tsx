import { Flex, Heading } from '@radix-ui/themes'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'

/** Whether a page was shown before: the first one leaves the focus to the browser. */
const visited = { any: false }

/** A page: its title is the window's, its heading, and what a screen reader hears after a change of page. */
export function Page({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Understudy`
  }, [title])
  useEffect(() => {
    if (visited.any) heading.current?.focus({ preventScroll: true })
    visited.any = true
    window.scrollTo(0, 0)
  }, [])
  return (
    <Flex direction="column" gap="5">
      <Flex align="center" justify="between" gap="3" wrap="wrap">
        <Heading as="h1" size="7" ref={heading} tabIndex={-1}>
          {title}
        </Heading>
        {actions}
      </Flex>
      {children}
    </Flex>
  )
}
