// History in numbers, a day at a time.
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { LISTING_TYPES, sendListing } from '../http/listing.ts'
import { windowOf } from '../http/query-moments.ts'
import { DAY_TABLE, presentDay } from '../presenters/statistics-presenter.ts'
import { listingAnswer, problems } from '../schemas/described.ts'
import { WindowQuery } from '../schemas/history-query.ts'
import { DEFAULT_PAGE_LIMIT } from '../schemas/parameters.ts'

export function routeStatistics(app: ApiInstance, context: RouteContext): void {
  const { records } = context.ports
  const { publicUrl } = context.config

  app.get(
    '/v1/statistics',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listStatistics',
        tags: ['history'],
        summary: 'What came into history, day by day',
        description:
          'Days (UTC) that overlap the window, oldest first; without a window all that are kept. Days without observations are left out.',
        querystring: WindowQuery,
        response: {
          200: listingAnswer('DayStatisticsPage', 'DayStatistics', 'A page of days, or all as a stream.'),
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const { cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const window = windowOf(request.query)
      return sendListing({ request, reply, publicUrl }, cursor, {
        read: (start) => records.statistics({ ...window, cursor: start, limit }),
        present: presentDay,
        table: DAY_TABLE,
      })
    },
  )
}
