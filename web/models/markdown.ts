/** A piece of a line; a link keeps its address as it was written, whoever shows it decides about it. */
export type Inline =
  | { readonly kind: 'text' | 'strong' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }

/** A block of a model card. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly line: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly line: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: 'table'
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }
  | { readonly kind: 'code'; readonly text: string }

const marked = /\*\*(?<strong>[^*]+)\*\*|`(?<code>[^`]+)`|\[(?<text>[^\]]+)\]\((?<url>[^()\s]+)\)/gu

function inlineOf(match: RegExpMatchArray): Inline {
  const { strong, code, text = '', url = '' } = match.groups ?? {}
  if (strong !== undefined) return { kind: 'strong', text: strong }
  return code === undefined ? { kind: 'link', text, url } : { kind: 'code', text: code }
}

/** Bold, code and links of a line; everything else is text, HTML too. */
export function inlinesOf(line: string): readonly Inline[] {
  const parts: Inline[] = []
  let from = 0
  for (const match of line.matchAll(marked)) {
    if (match.index > from) parts.push({ kind: 'text', text: line.slice(from, match.index) })
    parts.push(inlineOf(match))
    from = match.index + match[0].length
  }
  if (from < line.length) parts.push({ kind: 'text', text: line.slice(from) })
  return parts
}

const cellsOf = (row: string) =>
  row
    .trim()
    .replace(/^\||\|$/gu, '')
    .split('|')
    .map((cell) => inlinesOf(cell.trim()))
const isRow = (line: string) => line.trimStart().startsWith('|')
const isRule = (line: string) => /^\s*\|[\s:|-]+\|\s*$/u.test(line)
const isItem = (line: string) => /^\s*[-*] /u.test(line)
const isFence = (line: string) => line.startsWith('```')
const headingOf = (line: string) => /^(?<marks>#{1,6}) (?<words>.+)$/u.exec(line)?.groups
const isPlain = (line: string) =>
  line.trim() !== '' && !isRow(line) && !isItem(line) && !isFence(line) && headingOf(line) === undefined

/** The lines from `from` on for which `belongs` holds. */
function run(lines: readonly string[], from: number, belongs: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line, index) => index >= from && !belongs(line))
  return lines.slice(from, end < 0 ? lines.length : end)
}

const tableOf = (rows: readonly string[]): Block => {
  const [head = '', ...rest] = rows.filter((row) => !isRule(row))
  return { kind: 'table', head: cellsOf(head), rows: rest.map(cellsOf) }
}

function blockAt(lines: readonly string[], at: number): { readonly block: Block | undefined; readonly lines: number } {
  const line = lines[at] ?? ''
  const heading = headingOf(line)
  if (heading)
    return {
      block: { kind: 'heading', level: heading['marks']?.length ?? 1, line: inlinesOf(heading['words'] ?? '') },
      lines: 1,
    }
  if (isFence(line)) {
    const inside = run(lines, at + 1, (each) => !isFence(each))
    return { block: { kind: 'code', text: inside.join('\n') }, lines: inside.length + 2 }
  }
  const rows = run(lines, at, isRow)
  if (rows.length > 0) return { block: tableOf(rows), lines: rows.length }
  const items = run(lines, at, isItem)
  if (items.length > 0)
    return {
      block: { kind: 'list', items: items.map((item) => inlinesOf(item.replace(/^\s*[-*] /u, ''))) },
      lines: items.length,
    }
  const words = run(lines, at, isPlain)
  return words.length === 0
    ? { block: undefined, lines: 1 }
    : { block: { kind: 'paragraph', line: inlinesOf(words.join(' ')) }, lines: words.length }
}

/** The part of Markdown that model cards are written in: headings, paragraphs, lists, tables, code, bold and links. */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split(/\r?\n/u)
  const blocks: Block[] = []
  for (let at = 0; at < lines.length;) {
    const { block, lines: used } = blockAt(lines, at)
    if (block) blocks.push(block)
    at += used
  }
  return blocks
}
