/** A name that a pickle refers to, as `module name`. It is only compared, never looked up or called. */
interface PickleName {
  readonly name: string
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly PickleValue[]
  | ReadonlyMap<PickleValue, PickleValue>
  | PickleName
  | object

/** What names, calls and outside references of a pickle mean to the reader of a format. */
export interface PickleMeaning {
  /** @throws when a name or its arguments are not part of the format. */
  readonly call: (name: string, args: readonly PickleValue[]) => PickleValue
  readonly outside: (id: PickleValue) => PickleValue
}

/** Thrown when a pickle holds what this reader does not read; `offset` is the byte in the file. */
export class PickleUnreadable extends Error {
  readonly code = 'PickleUnreadable'
  readonly offset: number
  constructor(detail: string, offset: number) {
    super(`the pickle cannot be read at byte ${offset}: ${detail}`)
    this.offset = offset
  }
}

const mark = Symbol('mark')

interface Machine {
  readonly bytes: DataView
  at: number
  readonly stack: (PickleValue | typeof mark)[]
  readonly memo: Map<number, PickleValue>
  readonly meaning: PickleMeaning
}

const text = new TextDecoder('utf-8', { fatal: true })

function pop(machine: Machine): PickleValue {
  const value = machine.stack.pop()
  if (value === undefined || value === mark) throw new PickleUnreadable('the stack is empty', machine.at)
  return value
}

function popMark(machine: Machine): PickleValue[] {
  const from = machine.stack.lastIndexOf(mark)
  if (from < 0) throw new PickleUnreadable('a mark is missing', machine.at)
  return machine.stack.splice(from).slice(1) as PickleValue[]
}

function take(machine: Machine, count: number): Uint8Array {
  if (count < 0 || machine.at + count > machine.bytes.byteLength)
    throw new PickleUnreadable('it ends early', machine.at)
  const taken = new Uint8Array(machine.bytes.buffer, machine.bytes.byteOffset + machine.at, count)
  machine.at += count
  return taken
}

const unsigned = (machine: Machine, count: number): number =>
  take(machine, count).reduceRight((value, byte) => value * 256 + byte, 0)

const long = (machine: Machine): bigint => {
  const bytes = take(machine, unsigned(machine, 1))
  return BigInt.asIntN(
    bytes.length * 8,
    bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n),
  )
}

function line(machine: Machine): string {
  const start = machine.at
  while (unsigned(machine, 1) !== 0x0a);
  return text.decode(new Uint8Array(machine.bytes.buffer, machine.bytes.byteOffset + start, machine.at - 1 - start))
}

function remember(machine: Machine, key: number): void {
  const value = pop(machine)
  machine.memo.set(key, value)
  machine.stack.push(value)
}

function recall(machine: Machine, key: number): void {
  const value = machine.memo.get(key)
  if (value === undefined) throw new PickleUnreadable('it recalls what it never kept', machine.at)
  machine.stack.push(value)
}

function setItems(machine: Machine, items: readonly PickleValue[]): void {
  const target = machine.stack.at(-1)
  if (!(target instanceof Map)) throw new PickleUnreadable('items are set on what is no dictionary', machine.at)
  for (let index = 0; index + 1 < items.length; index += 2) target.set(items[index], items[index + 1])
}

function append(machine: Machine, items: readonly PickleValue[]): void {
  const target = machine.stack.at(-1)
  if (!Array.isArray(target)) throw new PickleUnreadable('items are appended to what is no list', machine.at)
  target.push(...items)
}

function reduce(machine: Machine): void {
  const args = pop(machine)
  const callee = pop(machine)
  if (!Array.isArray(args) || callee === null || typeof callee !== 'object' || !('name' in callee))
    throw new PickleUnreadable('a call without a name', machine.at)
  machine.stack.push(machine.meaning.call(callee.name, args as PickleValue[]))
}

const twoBefore = (machine: Machine): PickleValue[] => {
  const last = pop(machine)
  return [pop(machine), last]
}

/** The opcodes that occur in the files we read (Python's `pickletools` has their meaning); any other is an error. */
const operations: Readonly<Record<number, (machine: Machine) => void>> = {
  0x80: (machine) => void unsigned(machine, 1), // PROTO
  0x28: (machine) => void machine.stack.push(mark), // MARK
  0x29: (machine) => void machine.stack.push([]), // EMPTY_TUPLE
  0x5d: (machine) => void machine.stack.push([]), // EMPTY_LIST
  0x7d: (machine) => void machine.stack.push(new Map()), // EMPTY_DICT
  0x4e: (machine) => void machine.stack.push(null), // NONE
  0x88: (machine) => void machine.stack.push(true), // NEWTRUE
  0x89: (machine) => void machine.stack.push(false), // NEWFALSE
  0x4b: (machine) => void machine.stack.push(unsigned(machine, 1)), // BININT1
  0x4d: (machine) => void machine.stack.push(unsigned(machine, 2)), // BININT2
  0x4a: (machine) => void machine.stack.push(unsigned(machine, 4) | 0), // BININT
  0x8a: (machine) => void machine.stack.push(long(machine)), // LONG1
  0x58: (machine) => void machine.stack.push(text.decode(take(machine, unsigned(machine, 4)))), // BINUNICODE
  0x63: (machine) => void machine.stack.push({ name: `${line(machine)} ${line(machine)}` }), // GLOBAL
  0x71: (machine) => remember(machine, unsigned(machine, 1)), // BINPUT
  0x72: (machine) => remember(machine, unsigned(machine, 4)), // LONG_BINPUT
  0x68: (machine) => recall(machine, unsigned(machine, 1)), // BINGET
  0x6a: (machine) => recall(machine, unsigned(machine, 4)), // LONG_BINGET
  0x74: (machine) => void machine.stack.push(popMark(machine)), // TUPLE
  0x85: (machine) => void machine.stack.push([pop(machine)]), // TUPLE1
  0x86: (machine) => void machine.stack.push(twoBefore(machine)), // TUPLE2
  0x51: (machine) => void machine.stack.push(machine.meaning.outside(pop(machine))), // BINPERSID
  0x52: reduce, // REDUCE
  0x73: (machine) => setItems(machine, twoBefore(machine)), // SETITEM
  0x75: (machine) => setItems(machine, popMark(machine)), // SETITEMS
  0x65: (machine) => append(machine, popMark(machine)), // APPENDS
  0x62: (machine) => void pop(machine), // BUILD: attributes of an object, of no meaning to data
}

/**
 * Reads one pickle of protocol 2 without executing anything.
 * @returns its value, and the offset of the byte after it.
 * @throws PickleUnreadable
 */
export function readPickle(
  bytes: Uint8Array,
  from: number,
  meaning: PickleMeaning,
): { readonly value: PickleValue; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const machine: Machine = { bytes: view, at: from, stack: [], memo: new Map(), meaning }
  for (;;) {
    const opcode = unsigned(machine, 1)
    if (opcode === 0x2e) return { value: pop(machine), end: machine.at }
    const operation = operations[opcode]
    if (operation === undefined)
      throw new PickleUnreadable(`opcode 0x${opcode.toString(16)} is not read here`, machine.at - 1)
    operation(machine)
  }
}
