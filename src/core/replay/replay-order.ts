// The order in which recorded responses are replayed, and which of them are the same one delivered twice. Neither the order of the
// lines nor a line that stands there again may change a verdict.
import type { ReplayResponse } from './replay-line.ts'

export interface OrderedResponse {
  readonly response: ReplayResponse
  /** The same vantage said exactly the same at the same time just before: a line that was delivered again. */
  readonly isRepeated: boolean
}

/** In order of time; responses of one moment in an order of their own, which depends on nothing but what they say. */
export function inReplayOrder(responses: readonly ReplayResponse[]): readonly OrderedResponse[] {
  const keyed = responses.map((response) => ({ response, text: JSON.stringify(response) }))
  keyed.sort((a, b) => a.response.at - b.response.at || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return keyed.map(({ response, text }, index) => ({
    response,
    isRepeated: index > 0 && keyed[index - 1]!.text === text,
  }))
}
