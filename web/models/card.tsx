import { lazy, Suspense } from 'react'
import type { ComponentType } from 'react'

interface CardProps {
  readonly markdown: string
}

const AsWritten: ComponentType<CardProps> = ({ markdown }) => <pre className="said quoted">{markdown}</pre>

/** The parser of Markdown is loaded with the first card: pages without one do without it. */
const Rendered = lazy(() =>
  import('./markdown-view.tsx').then(
    ({ MarkdownView }) => ({ default: MarkdownView }),
    () => ({ default: AsWritten }),
  ),
)

/** A version's model card; as it was written until its parser is loaded, and where that cannot be. */
export const Card = ({ markdown }: CardProps) => (
  <Suspense fallback={<AsWritten markdown={markdown} />}>
    <Rendered markdown={markdown} />
  </Suspense>
)
