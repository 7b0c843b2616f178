import { families } from '../families/index.ts'
import { serveTraining } from './serve-training.ts'

serveTraining(families)
