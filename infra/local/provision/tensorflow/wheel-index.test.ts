import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseWheel, parseIndexPage } from './wheel-index.ts'
import { serverVersionOf } from '../temporal.ts'

const hash = 'ab'.repeat(32)
const names = [
  'tensorflow_cpu-2.21.0rc1-cp311-cp311-manylinux_2_27_x86_64.whl',
  'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
  'tensorflow_cpu-2.21.0-cp311-cp311-win_amd64.whl',
  'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
]
const links = names.map(
  (name) => `<a href="../../packages/${name}#sha256=${hash}" data-requires-python="&gt;=3.9">${name}</a>`,
)
const page = parseIndexPage(`<html>${links.join('<br/>')}</html>`, 'https://mirror.example/simple/tensorflow-cpu/')

test('an index page gives names, absolute addresses and hashes', () => {
  assert.deepEqual(page[0], { name: names[0], url: `https://mirror.example/packages/${names[0] ?? ''}`, sha256: hash })
})

test('the wheel of this platform and exactly this version is chosen', () => {
  assert.equal(chooseWheel(page, '2.21.0', 'linux-x64')?.name, names[3])
  assert.equal(chooseWheel(page, '2.21.0', 'darwin-arm64'), undefined)
})

test('a pure wheel serves every platform, and one wheel may name several', () => {
  const files = ['w-0.1.0-py2.py3-none-any.whl', 't-1.9.1-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl']
  const list = files.map((name) => ({ name, url: '', sha256: undefined }))
  assert.equal(chooseWheel(list, '0.1.0', 'darwin-x64')?.name, files[0])
  assert.equal(chooseWheel(list, '1.9.1', 'linux-arm64')?.name, files[1])
  assert.equal(chooseWheel(list, '1.9.1', 'linux-x64'), undefined)
})

test('the version of a Temporal server is read from what its program says', () => {
  assert.deepEqual(serverVersionOf('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)'), [1, 32])
  assert.equal(serverVersionOf('temporal: command not found'), undefined)
})
