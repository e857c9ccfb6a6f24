import { describeHistoryStore } from '../../contract/history-store.ts'
import { makeSqlitePlace } from './temporary-history.ts'

describeHistoryStore('SQLite', makeSqlitePlace)
