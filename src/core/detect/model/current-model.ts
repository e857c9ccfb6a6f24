// The model of this version of the code. Read at the first use: what only measures features (collecting for the fit of the next
// model, whose classes may be others) needs none.
import stored from './2026.2.json' with { type: 'json' }
import { readModel } from './model-file.ts'
import type { Model, ModelFile } from './model-file.ts'

let model: Model | null = null

export function currentModel(): Model {
  // TypeScript reads every table of a JSON file as a type of its own.
  return (model ??= readModel(stored as unknown as ModelFile))
}
