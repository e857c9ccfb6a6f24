// The formats of logs that can be imported, by the names that a person says.

export const LOG_FORMATS = ['cof', 'zeek-tsv', 'zeek-json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]
