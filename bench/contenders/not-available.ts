// The one failure of a contender that is no failure of the bench.

/** Why a contender cannot run here: its row says so. */
export class NotAvailable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotAvailable'
  }
}
