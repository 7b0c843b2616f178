import { Blockquote, Code, Em, Flex, Heading, Link as Anchor, Separator, Strong, Table, Text } from '@radix-ui/themes'
import { memo } from 'react'
import type { ComponentProps } from 'react'
import Markdown from 'react-markdown'
import type { Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { safeLink } from '../words.ts'

// A card stands below its panel's heading, so that its own headings begin at the third level.
const Title = ({ children }: ComponentProps<'h1'>) => (
  <Heading as="h3" size="4" mt="2">
    {children}
  </Heading>
)
const Subtitle = ({ children }: ComponentProps<'h2'>) => (
  <Heading as="h4" size="3" mt="2">
    {children}
  </Heading>
)

const lines: Components = {
  strong: ({ children }) => <Strong>{children}</Strong>,
  em: ({ children }) => <Em>{children}</Em>,
  code: ({ children }) => (
    <Code variant="ghost" className="id">
      {children}
    </Code>
  ),
  a: ({ href, children }) =>
    href ? (
      <Anchor href={href} target="_blank" rel="noreferrer">
        {children}
      </Anchor>
    ) : (
      <>{children}</>
    ),
  // A picture of another host would tell it who reads the card, and our content security policy refuses it.
  img: ({ alt }) => <>{alt}</>,
}

const blocks: Components = {
  h1: Title,
  h2: Subtitle,
  h3: Subtitle,
  h4: Subtitle,
  h5: Subtitle,
  h6: Subtitle,
  p: ({ children }) => (
    <Text as="p" size="2" className="id">
      {children}
    </Text>
  ),
  ul: ({ children }) => <ul className="votes">{children}</ul>,
  ol: ({ start, children }) => (
    <ol className="votes" start={start}>
      {children}
    </ol>
  ),
  li: ({ children }) => (
    <Text as="div" size="2" asChild>
      <li>{children}</li>
    </Text>
  ),
  blockquote: ({ children }) => <Blockquote size="2">{children}</Blockquote>,
  pre: ({ children }) => <pre className="said quoted">{children}</pre>,
  hr: () => <Separator size="4" />,
}

const tables: Components = {
  table: ({ children }) => (
    <Table.Root size="1" variant="surface">
      {children}
    </Table.Root>
  ),
  thead: ({ children }) => <Table.Header>{children}</Table.Header>,
  tbody: ({ children }) => <Table.Body>{children}</Table.Body>,
  tr: ({ children }) => <Table.Row>{children}</Table.Row>,
  th: ({ style, children }) => <Table.ColumnHeaderCell style={style}>{children}</Table.ColumnHeaderCell>,
  td: ({ style, children }) => <Table.Cell style={style}>{children}</Table.Cell>,
}

const components: Components = { ...lines, ...blocks, ...tables }
const plugins = [remarkGfm]
const onlyWeb = (url: string) => safeLink(url) ?? ''

/** A model card in GitHub's Markdown; HTML in it is only ever text, and its links are http(s). */
export const MarkdownView = memo(function MarkdownView({ markdown }: { readonly markdown: string }) {
  return (
    <Flex direction="column" gap="3">
      <Markdown remarkPlugins={plugins} components={components} urlTransform={onlyWeb}>
        {markdown}
      </Markdown>
    </Flex>
  )
})
