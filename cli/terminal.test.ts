import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WriteStream } from 'node:tty'
import { createTerminal, harmless } from './terminal.ts'

/** A stream that keeps what is written. */
const listener = (terminal: { readonly isTTY?: boolean; readonly columns?: number; readonly env?: object } = {}) => {
  const written: string[] = []
  return {
    written,
    stream: {
      ...(terminal.isTTY !== undefined && { isTTY: terminal.isTTY }),
      columns: terminal.columns ?? 80,
      getColorDepth: () =>
        WriteStream.prototype.getColorDepth.call(undefined, terminal.env ?? { TERM: 'xterm-256color' }),
      write: (text: string) => written.push(text),
    },
  }
}

test('text from people cannot move the cursor, colour the screen or turn the direction of writing', () => {
  assert.equal(harmless('a\u001b[2Jb\u0007c\u202ed'), 'a�[2Jb�c�d')
  assert.equal(harmless('one\r\n\ttwo'), 'one two')
  assert.equal(harmless('one\r\ntwo\u001b]0;x\u0007', { keepLines: true }), 'one\ntwo�]0;x�')
  assert.equal(harmless('İstanbul 🎩 مرحبا'), 'İstanbul 🎩 مرحبا')
})

test('colours appear on a terminal only, and never with NO_COLOR', () => {
  const paintOn = (terminal: Parameters<typeof listener>[0]) =>
    createTerminal(listener(terminal).stream, listener().stream).paint('green', 'ok')
  assert.equal(paintOn({ isTTY: true }), '\u001b[32mok\u001b[0m')
  assert.equal(paintOn({ isTTY: true, env: { TERM: 'xterm-256color', NO_COLOR: '1' } }), 'ok')
  assert.equal(paintOn({ isTTY: false }), 'ok')
  assert.equal(paintOn({}), 'ok')
})

test('progress changes in place on a terminal, and goes before the next line', () => {
  const [out, err] = [listener({ isTTY: true }), listener({ isTTY: true, columns: 10 })]
  const terminal = createTerminal(out.stream, err.stream)
  terminal.progress('waiting for something')
  terminal.say('done')
  assert.deepEqual(err.written, ['waiting f', '\r\u001b[2K'])
  assert.deepEqual(out.written, ['done\n'])
})

test('progress in a pipe is a line, once', () => {
  const err = listener()
  const terminal = createTerminal(listener().stream, err.stream)
  terminal.progress('waiting')
  terminal.progress('waiting')
  terminal.progress(undefined)
  assert.deepEqual(err.written, ['waiting\n'])
})
