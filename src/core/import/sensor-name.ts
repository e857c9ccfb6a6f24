// What a sensor may be called. The name stands in every observation and in every sentence that rests on it.

const SENSOR = /^[a-z0-9][a-z0-9-]{0,31}$/

export function isSensorName(text: string): boolean {
  return SENSOR.test(text)
}
