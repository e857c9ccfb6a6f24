// Submitting as a stream: NDJSON over a real socket, because back-pressure and broken uploads are about sockets.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readAll } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, it } from 'vitest'
import { assertContract, ask } from './contract.ts'
import { openHouse, type House } from './house.ts'

const ndjson = (payload: string | Buffer, query = '') =>
  ({
    method: 'POST',
    url: `/v1/scans${query}`,
    payload,
    headers: { 'content-type': 'application/x-ndjson' },
  }) as const

async function listen(house: House): Promise<number> {
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  return (house.app.server.address() as AddressInfo).port
}

function startUpload(port: number, headers: Record<string, string> = {}): ClientRequest {
  return httpRequest({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/v1/scans',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  })
}

async function* linesOf(count: number): AsyncGenerator<string> {
  for (let from = 0; from < count; from += 500) {
    const numbers = Array.from({ length: Math.min(500, count - from) }, (_, index) => from + index)
    yield numbers.map((number) => `{"domain":"d${number}.example"}\n`).join('')
  }
}

describe('POST /v1/scans with NDJSON', () => {
  it('takes both forms of a line and reports every line that cannot be taken', async () => {
    await using house = await openHouse()
    const lines = [
      '{"domain":"a.example"}',
      '"b.example"',
      '',
      'c.example',
      '{"domain":"d.example","x":1}',
      '{}',
      '[1]',
      '7',
      '{"domain":"hxxp://a[.]example"}',
      `"${'x'.repeat(5000)}"`,
    ]
    const body = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`), Buffer.from([0xff, 0xfe, 0x0a])])
    const response = await ask(house.app, ndjson(body, '?tags=feed'))
    assert.equal(response.statusCode, 202)
    const answer = response.json()
    assert.equal(answer.accepted, 2)
    assert.equal(answer.duplicates, 1)
    assert.deepEqual(
      answer.rejected.map((each: { index: number; code: string }) => [each.index, each.code]),
      [
        [3, 'bad_json'],
        [4, 'unknown_field'],
        [5, 'missing_domain'],
        [6, 'not_a_string'],
        [7, 'not_a_string'],
        [9, 'line_too_long'],
        [10, 'bad_utf8'],
      ],
    )
    assert.deepEqual(answer.refanged, [{ index: 8, input: 'hxxp://a[.]example', domain: 'a.example' }])
    assert.deepEqual(house.house.scans.get(answer.id)!.options.tags, ['feed'])
    assert.equal(house.house.scans.get(answer.id)!.sealed, true)
  })

  it('reports a name whose operator asked not to be probed, and does not watch it', async () => {
    await using house = await openHouse()
    house.house.optedOut.add('quiet.example')
    const response = await ask(house.app, ndjson('"quiet.example"\n"bad.example"\n'))
    const answer = response.json()
    assert.deepEqual(
      answer.rejected.map((each: { index: number; code: string }) => [each.index, each.code]),
      [[0, 'opted_out']],
    )
    assert.equal(answer.accepted, 1)
  })

  it('has no limit on lines, and counts rejected ones beyond the 1000 that it lists', async () => {
    await using house = await openHouse()
    const good = Array.from({ length: 25_000 }, (_, index) => `"d${index % 20_000}.example"`)
    const bad = Array.from({ length: 1500 }, () => '"127.0.0.1"')
    const response = await ask(house.app, ndjson([...good, ...bad].join('\n')))
    const answer = response.json()
    assert.equal(answer.accepted, 20_000)
    assert.equal(answer.duplicates, 5000)
    assert.equal(answer.rejected.length, 1000)
    assert.equal(answer.rejected_total, 1500)
  })

  it('leaves no scan behind when nothing can be taken', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, ndjson('"127.0.0.1"\n'))
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().code, 'FLUX_NO_VALID_DOMAIN')
    assert.equal((await ask(house.app, ndjson(''))).json().code, 'FLUX_NO_VALID_DOMAIN')
    assert.equal(house.house.scans.size, 0)
  })

  it('does not take an Idempotency-Key, which a stream cannot honour', async () => {
    await using house = await openHouse()
    const { headers, ...rest } = ndjson('"a.example"\n')
    const response = await ask(house.app, { ...rest, headers: { ...headers, 'idempotency-key': 'k' } })
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, '/header/idempotency-key')
    assert.equal(house.house.scans.size, 0)
  })

  it('reads no further while the store is busy', async () => {
    await using house = await openHouse()
    const port = await listen(house)
    const busy = Promise.withResolvers<void>()
    let adds = 0
    const { scans } = house.house.ports
    const add = scans.add.bind(scans)
    const firstAdd = new Promise<void>((resolve) => {
      scans.add = async (scan, domains) => {
        if (adds++ === 0) {
          resolve()
          await busy.promise
        }
        return add(scan, domains)
      }
    })
    const upload = startUpload(port)
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>
    // 40 MB: far more than sockets buffer. If the server read on, all of it would be gone from the client's hands.
    let handedOver = 0
    const total = 40 * 256
    const source = Readable.from(
      (async function* () {
        const filler = `"${'127.0.0.1 '.repeat(400)}"\n`
        yield* linesOf(1000)
        for (; handedOver < total; handedOver++) yield filler
      })(),
    )
    const sent = pipeline(source, upload)
    await firstAdd
    await settled(() => handedOver)
    assert.ok(handedOver < total, `all ${total} lines were taken from the client while the store was busy`)
    assert.equal(adds, 1)
    busy.resolve()
    await sent
    const [response] = await answered
    assert.equal(response.statusCode, 202)
    const answer = JSON.parse(await readAll(response))
    assert.equal(answer.accepted, 1000)
    assert.equal(answer.rejected_total, total)
  })

  it('keeps what came before the upload broke off, and seals the scan', async () => {
    await using house = await openHouse()
    const port = await listen(house)
    const sealed = new Promise<string>((resolve) => {
      const { scans } = house.house.ports
      const seal = scans.seal.bind(scans)
      scans.seal = async (scan) => {
        await seal(scan)
        resolve(scan)
      }
    })
    const firstAdd = new Promise<void>((resolve) => {
      const { scans } = house.house.ports
      const add = scans.add.bind(scans)
      scans.add = async (scan, domains) => {
        resolve()
        return add(scan, domains)
      }
    })
    const upload = startUpload(port)
    upload.on('error', () => {})
    for await (const lines of linesOf(1500)) upload.write(lines)
    await firstAdd
    upload.write('{"domain":"half')
    upload.destroy()
    const scan = await sealed
    const { domains } = house.house.scans.get(scan)!
    // At least the chunk that was added; of the rest what had arrived when the connection went.
    assert.ok(domains.size >= 1000 && domains.size <= 1500, String(domains.size))
    assert.ok(![...domains].some((name) => name.startsWith('half')))
  })

  it('says what was accepted when the store goes away in the middle, even to a client that still sends', async () => {
    await using house = await openHouse()
    const port = await listen(house)
    house.house.addsUntilOutage = 2
    const upload = startUpload(port)
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>
    await pipeline(Readable.from(linesOf(50_000)), upload)
    const [response] = await answered
    const body = await readAll(response)
    assertContract(house.app, {
      method: 'POST',
      path: '/v1/scans',
      status: response.statusCode!,
      contentType: response.headers['content-type'] ?? null,
      body,
    })
    const problem = JSON.parse(body)
    assert.equal(problem.code, 'FLUX_STORE_UNAVAILABLE')
    assert.equal(problem.accepted, 2000)
    assert.equal(house.house.scans.get(problem.scan)!.domains.size, 2000)
    assert.match(problem.detail, /2000 domains were accepted/u)
  })

  it('keeps nothing of the lines that it has handed on', async () => {
    await using house = await openHouse()
    const port = await listen(house)
    const collectGarbage = garbageCollector()
    const { scans } = house.house.ports
    const keptBytes: number[] = []
    let taken = 0
    // The store's own memory is not the question here.
    scans.add = async (_scan, domains) => {
      taken += domains.length
      if (taken === 50_000 || taken === 350_000) {
        collectGarbage()
        keptBytes.push(process.memoryUsage().heapUsed)
      }
      return { added: domains.length }
    }
    const upload = startUpload(port)
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>
    await pipeline(Readable.from(linesOf(400_000)), upload)
    const [response] = await answered
    assert.equal(JSON.parse(await readAll(response)).accepted, 400_000)
    // 300 000 names in a Set are more than 15 MB.
    const grownBytes = keptBytes[1]! - keptBytes[0]!
    assert.ok(grownBytes < 4 * 1024 * 1024, `${grownBytes} bytes more after 300 000 more lines`)
  })
})

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** Resolves when a number has stopped growing: turns of the event loop, not time, with sockets getting their chance. */
async function settled(read: () => number): Promise<void> {
  let last = -1
  let still = 0
  while (still < 200) {
    await new Promise((resolve) => setImmediate(resolve))
    const now = read()
    still = now === last ? still + 1 : 0
    last = now
  }
}
