// The model of this version of the code.
import stored from './2026.2.json' with { type: 'json' }
import { readModel } from './model-file.ts'

export const MODEL = readModel(stored)
