// The model of this version of the code.
import stored from './2026.2.json' with { type: 'json' }
import { readModel } from './model-file.ts'
import type { ModelFile } from './model-file.ts'

// TypeScript reads every table of a JSON file as a type of its own.
export const MODEL = readModel(stored as unknown as ModelFile)
