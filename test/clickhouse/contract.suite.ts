import { describeHistoryStore } from '../contract/history-store.ts'
import { makeClickHousePlace } from './embedded-engine.ts'

describeHistoryStore('ClickHouse (embedded engine)', makeClickHousePlace)
