// A process of its own that appends batch after batch, and prints a batch's number once the append has resolved.
// Arguments: file, target, batches, rows a batch.
import { writeSync } from 'node:fs'
import type { TargetId } from '../../../src/core/model/target.ts'
import { openSqliteHistory } from '../../../src/store/history/sqlite/sqlite-history.ts'
import { sampleObservation } from './sample-observations.ts'

const [path, target, batches, rows] = process.argv.slice(2)
const store = await openSqliteHistory(path!)
for (let batch = 0; batch < Number(batches); batch++) {
  const first = batch * Number(rows)
  await store.append(
    Array.from({ length: Number(rows) }, (_, index) =>
      sampleObservation(first + index, { target: target as TargetId }),
    ),
  )
  // Straight to the pipe: what was printed stays printed when the process is killed.
  writeSync(1, `${batch}\n`)
}
await store.close()
