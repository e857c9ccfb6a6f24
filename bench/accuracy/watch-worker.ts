// One worker of the accuracy bench: draws the members that it is told to, watches them, and sends what was seen.
import { parentPort } from 'node:worker_threads'
import { recordWatch } from './record-watch.ts'
import { groupNamed } from './watch-orders.ts'
import type { MemberOrder } from './watch-orders.ts'
import type { WatchRecord } from './watch-record.ts'
import { drawMember } from '../../src/lab/population/catalogue.ts'
import type { Split } from '../../src/lab/population/member.ts'

export interface WorkerTask {
  readonly split: Split
  readonly seed: number
  readonly orders: readonly MemberOrder[]
}

parentPort!.on('message', ({ split, seed, orders }: WorkerTask) => {
  const records: WatchRecord[] = orders.map((order) => {
    const member = drawMember(groupNamed(order.group), split, order.index, order.startAt, seed)
    return recordWatch(member, order)
  })
  parentPort!.postMessage(records, [])
})
