import { Code, Flex, Heading, Link as Anchor, Strong, Table, Text } from '@radix-ui/themes'
import { useMemo } from 'react'
import { safeLink } from '../words.ts'
import { blocksOf } from './markdown.ts'
import type { Block, Inline } from './markdown.ts'

function Piece({ piece }: { readonly piece: Inline }) {
  switch (piece.kind) {
    case 'strong':
      return <Strong>{piece.text}</Strong>
    case 'code':
      return (
        <Code variant="ghost" className="id">
          {piece.text}
        </Code>
      )
    case 'link': {
      const url = safeLink(piece.url)
      return url === undefined ? (
        <>{piece.text}</>
      ) : (
        <Anchor href={url} target="_blank" rel="noreferrer">
          {piece.text}
        </Anchor>
      )
    }
    case 'text':
      return <>{piece.text}</>
  }
}

// A card's lines never change places: their position is their identity.
const Line = ({ line }: { readonly line: readonly Inline[] }) =>
  line.map((piece, at) => <Piece key={at} piece={piece} />)

const CardTable = ({ head, rows }: Extract<Block, { kind: 'table' }>) => (
  <Table.Root size="1" variant="surface">
    <Table.Header>
      <Table.Row>
        {head.map((cell, at) => (
          <Table.ColumnHeaderCell key={at}>
            <Line line={cell} />
          </Table.ColumnHeaderCell>
        ))}
      </Table.Row>
    </Table.Header>
    <Table.Body>
      {rows.map((row, at) => (
        <Table.Row key={at}>
          {row.map((cell, column) => (
            <Table.Cell key={column}>
              <Line line={cell} />
            </Table.Cell>
          ))}
        </Table.Row>
      ))}
    </Table.Body>
  </Table.Root>
)

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return (
        <Heading as={block.level <= 1 ? 'h3' : 'h4'} size={block.level <= 1 ? '4' : '3'} mt="2">
          <Line line={block.line} />
        </Heading>
      )
    case 'list':
      return (
        <ul className="votes">
          {block.items.map((item, at) => (
            <Text key={at} as="div" size="2" asChild>
              <li>
                <Line line={item} />
              </li>
            </Text>
          ))}
        </ul>
      )
    case 'table':
      return <CardTable {...block} />
    case 'code':
      return <pre className="said quoted">{block.text}</pre>
    case 'paragraph':
      return (
        <Text as="p" size="2" className="id">
          <Line line={block.line} />
        </Text>
      )
  }
}

/** A model card as it was written; its words are only ever text, and its links are http(s). */
export function MarkdownView({ markdown }: { readonly markdown: string }) {
  const blocks = useMemo(() => blocksOf(markdown), [markdown])
  return (
    <Flex direction="column" gap="3">
      {blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </Flex>
  )
}
