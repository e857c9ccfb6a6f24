// The slot of Redis Cluster that a key lies in: CRC16 (XMODEM) of its hash tag, of 16,384. As the cluster specification has
// it: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags

const SLOT_COUNT = 16_384
const POLYNOMIAL = 0x1021

/** 0…16383. Of a key with a non-empty `{…}` only what stands in the first one counts. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  return crc16(Buffer.from(close > open + 1 ? key.slice(open + 1, close) : key)) % SLOT_COUNT
}

function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0)) & 0xffff
  }
  return crc
}
