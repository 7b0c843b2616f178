import { parseArgs } from 'node:util'
import { figuresOfTitles } from '../workers/starter/titles/figures.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const result = { bench: 'text-figures', ...(await figuresOfTitles((line) => console.error(line))) }
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
