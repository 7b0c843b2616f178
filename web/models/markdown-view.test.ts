import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

let html: (markdown: string) => string

/** Pages are compiled by their bundler's rules, which the loader of tests does not know; so the view is bundled here too. */
before(async () => {
  const outfile = join(await temporaryFolder('markdown-test'), 'view.cjs')
  await build({
    stdin: {
      contents: `import { createElement } from 'react'
        import { renderToStaticMarkup } from 'react-dom/server'
        import { MarkdownView } from './markdown-view.tsx'
        export const html = (markdown) => renderToStaticMarkup(createElement(MarkdownView, { markdown }))`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    jsx: 'automatic',
    outfile,
    logLevel: 'silent',
  })
  const view = (await import(pathToFileURL(outfile).href)) as { readonly html: typeof html }
  html = view.html
})

/** The elements of a card by name, in order, without the classes and boxes that only style them. */
const outline = (markdown: string) =>
  html(markdown)
    .replaceAll(/<style>.*?<\/style>/g, '')
    .replaceAll(/<(\/?)(\w+)[^>]*>/g, '<$1$2>')
    .replaceAll(/<\/?(?:div|span|p)>|\n/g, '')

test('a card becomes headings, paragraphs, lists, tables and code', () => {
  const card =
    '# hats\n\n## What\nTwo lines\nof words.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | |\n\n```\nx | y\n```\nend'
  assert.equal(
    outline(card),
    '<h3>hats</h3><h4>What</h4>Two linesof words.<ul><li>one</li><li>two</li></ul>' +
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>' +
      '<pre><code>x | y</code></pre>end',
  )
})

test('bold, italics, code and struck words are found in a line, and what is around them is kept', () => {
  assert.equal(
    outline('a **b** *c* _d_ `e` ~~f~~ g'),
    'a <strong>b</strong> <em>c</em> <em>d</em> <code>e</code> <del>f</del> g',
  )
})

test('numbered lists keep their numbers, and lists hold lists', () => {
  assert.match(html('3. three\n4. four'), /<ol [^>]*start="3"/)
  assert.equal(outline('1. one\n   - inside\n2. two'), '<ol><li>one<ul><li>inside</li></ul></li><li>two</li></ol>')
})

test('quotes, rules and line breaks are what they are', () => {
  assert.equal(outline('> said\n\n---\n\nfirst  \nsecond'), '<blockquote>said</blockquote>first<br>second')
  assert.match(html('---'), /rt-Separator/)
})

test('a bar in a cell of a table stays in its cell, and columns keep their side', () => {
  const table = '| a | b |\n|---|--:|\n| x \\| y | 2 |'
  assert.match(outline(table), /<td>x \| y<\/td><td>2<\/td>/)
  assert.match(html(table), /<td[^>]*style="text-align:right"/)
})

test('links lead to other pages on the web, written out or not, brackets in their address included', () => {
  assert.match(html('[d](https://e.example/f_(g))'), /<a [^>]*href="https:\/\/e\.example\/f_\(g\)"[^>]*>d<\/a>/)
  assert.match(html('see https://e.example/f.'), /<a [^>]*href="https:\/\/e\.example\/f"[^>]*>/)
  assert.match(html('[d](https://e.example)'), /target="_blank"/)
  assert.match(html('[d](https://e.example)'), /rel="noreferrer"/)
})

test('a link that is not of the web is only its words', () => {
  const addresses = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '/api/session',
    'mailto:a@b.example',
  ]
  for (const address of addresses) assert.equal(outline(`[d](${address})`), 'd', address)
  assert.equal(outline('<javascript:alert(1)>'), 'javascript:alert(1)')
})

test('HTML in a card is text', () => {
  for (const markup of ['<img src=x onerror="alert(1)">', '<script>alert(1)</script>', 'a <b onclick="x()">b</b>']) {
    const shown = html(markup)
    assert.ok(!/<(?:img|script|b)\b/.test(shown), shown)
    assert.match(shown, /&lt;(?:img|script|b)/)
  }
})

test('a picture is only its description', () => {
  assert.equal(outline('![a hat](https://e.example/hat.png)'), 'a hat')
})

test('a code block that never ends goes on to the end of the card', () => {
  assert.equal(outline('```\nopen'), '<pre><code>open</code></pre>')
})
