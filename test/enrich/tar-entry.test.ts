import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tarEntry } from '../../src/enrich/tar-entry.ts'
import { makeFolder } from './sample-databases.ts'
import type { TemporaryFolder } from './sample-databases.ts'

const run = promisify(execFile)

let folder: TemporaryFolder
beforeEach(async () => {
  folder = await makeFolder()
  await mkdir(join(folder.path, 'GeoLite2-ASN_20261103'))
})
afterEach(() => folder.remove())

/** Made by the system's own tar. */
async function archive(...names: string[]): Promise<Buffer> {
  await run('tar', ['--format=ustar', '-cf', 'archive.tar', ...names], { cwd: folder.path })
  return readFile(join(folder.path, 'archive.tar'))
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function read(bytes: Buffer, chunkSize = 1000): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of tarEntry(inChunks(bytes, chunkSize), '.mmdb')) parts.push(part)
  return Buffer.concat(parts)
}

describe('a tar archive', () => {
  test.each([1, 7, 511, 512, 513, 100_000])('gives its database in chunks of %i bytes', async (chunkSize) => {
    const content = randomBytes(1537)
    await folder.write('GeoLite2-ASN_20261103/LICENSE.txt', 'x'.repeat(700))
    await folder.write('GeoLite2-ASN_20261103/EMPTY.txt', '')
    await folder.write('GeoLite2-ASN_20261103/GeoLite2-ASN.mmdb', content)
    const bytes = await archive(
      'GeoLite2-ASN_20261103/LICENSE.txt',
      'GeoLite2-ASN_20261103/EMPTY.txt',
      'GeoLite2-ASN_20261103/GeoLite2-ASN.mmdb',
    )
    expect((await read(bytes, chunkSize)).equals(content)).toBe(true)
  })

  test('gives a file whose name is longer than one field', async () => {
    const long = join('GeoLite2-ASN_20261103', 'd'.repeat(90))
    await mkdir(join(folder.path, long))
    await folder.write(join(long, 'asn.mmdb'), 'the content')
    expect((await read(await archive('GeoLite2-ASN_20261103'))).toString()).toBe('the content')
  })

  test('does not take a folder or a link for the database', async () => {
    await mkdir(join(folder.path, 'a.mmdb'))
    await symlink('/etc/hostname', join(folder.path, 'b.mmdb'))
    await folder.write('c.mmdb', 'the content')
    expect((await read(await archive('a.mmdb', 'b.mmdb', 'c.mmdb'))).toString()).toBe('the content')
  })

  test('without a database is told so', async () => {
    await folder.write('COPYRIGHT.txt', 'words')
    await expect(read(await archive('COPYRIGHT.txt'))).rejects.toThrow('the archive has no file *.mmdb')
  })

  test('that is cut off is told so, wherever it is', async () => {
    await folder.write('first.txt', 'x'.repeat(600))
    await folder.write('asn.mmdb', randomBytes(1000))
    const bytes = await archive('first.txt', 'asn.mmdb')
    for (const length of [0, 100, 512, 1000, 1536, 1600, 2048, 2500]) {
      await expect(read(bytes.subarray(0, length))).rejects.toThrow('the archive is cut off')
    }
  })

  test('that is none, or has a damaged header, is told so', async () => {
    await expect(read(randomBytes(2048))).rejects.toThrow('the archive is damaged or no tar')
    await folder.write('asn.mmdb', 'the content')
    const bytes = await archive('asn.mmdb')
    bytes[130] = bytes[130]! ^ 1
    await expect(read(bytes)).rejects.toThrow('the archive is damaged or no tar')
  })
})
