import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { ModelNotReady } from '../domain/errors.ts'

/* The bytes of the files of versions and datasets, whatever the family. */

/** A version's files by name: what is kept as blobs, and all that serving needs beside the frozen networks. */
export type VersionFiles = Readonly<Record<string, Uint8Array>>

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Little-endian, whatever this machine is. */
export function bytesOfNumbers(parts: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length * 4, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const part of parts)
    for (const value of part) {
      view.setFloat32(at, value, true)
      at += 4
    }
  return bytes
}

export function numbersOfBytes(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, index) => view.getFloat32(index * 4, true))
}

export const jsonBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`)

/** @throws ModelNotReady when the file is missing. */
export function fileOf(files: VersionFiles, name: string): Uint8Array {
  const bytes = files[name]
  if (bytes === undefined) throw new ModelNotReady(`${name} is missing`)
  return bytes
}

/** Those files that have one of the names. @throws ModelNotReady when one is missing. */
export const filesNamed = (files: VersionFiles, names: readonly string[]): VersionFiles =>
  Object.fromEntries(names.map((name) => [name, fileOf(files, name)]))

/** @throws ModelNotReady when the file is missing or is not what the schema says. */
export function readJson<T>(files: VersionFiles, name: string, schema: z.ZodType<T>): T {
  const bytes = fileOf(files, name)
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (error) {
    throw new ModelNotReady(`${name} is damaged`, { cause: error })
  }
}
