/** One line of a change log that names what was changed. */
export interface ChangeTitle {
  /** What stands in brackets before the title: the component, or several. */
  readonly tag: string
  /** The title without tag, pull request and authors. */
  readonly text: string
  /** As in `9.0.0-alpha.1`. */
  readonly release: string
  /** `YYYY-MM-DD`. */
  readonly date: string
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const releaseLine = /^## v?(\d+\.\d+\.\d+\S*)/
const dateLine = /^_([A-Z][a-z]{2}) (\d{1,2}), (\d{4})_/
const titleLine = /^- \[([^\]]+)\] (.+)$/

function dateOf([, month = '', day = '', year = '']: RegExpExecArray): string | undefined {
  const number = months.indexOf(month) + 1
  return number === 0 ? undefined : `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** The pull request and all after it, and links as their words. */
const plain = (title: string): string =>
  title
    .replace(/\s*\(#\d+.*$/, '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .trim()

/**
 * The titles of a change log in the manner of MUI X: `## release`, `_date_`, `- [component] title (#number) @author`. Releases
 * come newest first; one without a date has that of the release above it.
 */
export function changeTitlesOf(markdown: string): readonly ChangeTitle[] {
  const titles: ChangeTitle[] = []
  let release: string | undefined
  let date: string | undefined
  for (const line of markdown.split(/\r?\n/)) {
    release = releaseLine.exec(line)?.[1] ?? release
    const dated = dateLine.exec(line)
    if (dated) date = dateOf(dated) ?? date
    const [, tag = '', rest = ''] = titleLine.exec(line) ?? []
    const text = plain(rest)
    if (text !== '' && release !== undefined && date !== undefined) titles.push({ tag, text, release, date })
  }
  return titles
}
