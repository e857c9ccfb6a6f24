import { describe, expect, test } from 'vitest'
import { parseRedisUrl, RedisUrlError } from '../../../src/core/net/redis-url.ts'

const nobody = { username: null, password: null }

describe('A Redis URL', () => {
  test('of one server is only looked at: the client reads it', () => {
    expect(parseRedisUrl('redis://redis:6379/2')).toEqual({ form: 'single', tls: false })
    expect(parseRedisUrl('rediss://user:secret@redis.example')).toEqual({ form: 'single', tls: true })
  })

  test('of a cluster names some of its nodes, by name or address, with or without ports', () => {
    expect(parseRedisUrl('redis+cluster://r1.example:7000,10.0.0.2,[2001:db8::3]:7002,[::1]/')).toEqual({
      form: 'cluster',
      tls: false,
      ...nobody,
      nodes: [
        { host: 'r1.example', port: 7000 },
        { host: '10.0.0.2', port: 6379 },
        { host: '2001:db8::3', port: 7002 },
        { host: '::1', port: 6379 },
      ],
    })
  })

  test('may carry a user and a password, or the password alone, with what is special in them escaped', () => {
    const userOf = (user: string) => parseRedisUrl(`rediss+cluster://${user}r1`)
    expect(userOf('flux:s3cret@')).toMatchObject({ tls: true, username: 'flux', password: 's3cret' })
    expect(userOf(':s3cret@')).toMatchObject({ username: null, password: 's3cret' })
    expect(userOf('a%3Ab:%40%2F%25:x@')).toMatchObject({ username: 'a:b', password: '@/%:x' })
    expect(userOf('user:pass@word@')).toMatchObject({ username: 'user', password: 'pass@word' })
    expect(userOf('')).toMatchObject(nobody)
  })

  test('of Sentinels names the master, and may carry the password of the Sentinels themselves', () => {
    expect(parseRedisUrl('redis+sentinel://flux:a@s1,s2:26380/my-main?sentinelPassword=b%26c')).toEqual({
      form: 'sentinel',
      tls: false,
      username: 'flux',
      password: 'a',
      sentinels: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26380 },
      ],
      masterName: 'my-main',
      sentinelPassword: 'b&c',
    })
    expect(parseRedisUrl('rediss+sentinel://s1/main')).toMatchObject({
      tls: true,
      ...nobody,
      sentinelPassword: null,
    })
  })
})

describe('A Redis URL is refused with what it should be', () => {
  const bad: [url: string, says: string][] = [
    ['', 'must look like redis://host:6379'],
    ['redis', 'must look like redis://host:6379'],
    ['redis+tls://redis', 'must look like redis://host:6379'],
    ['redis://[', 'must look like redis://host:6379'],
    ['redis+cluster://', 'number 1 is none'],
    ['redis+cluster://r1,,r3', 'number 2 is none'],
    ['redis+cluster://r1:0', 'number 1 is none'],
    ['redis+cluster://r1,r2:65536', 'number 2 is none'],
    ['redis+cluster://::1', 'number 1 is none'],
    ['redis+cluster://secret@r1', 'user:password@'],
    ['redis+cluster://user:@r1', 'user:password@'],
    ['redis+cluster://user:%zz@r1', 'write a % itself as %25'],
    ['redis+cluster://r1/1', 'a cluster has one database'],
    ['redis+cluster://r1?db=1', 'a cluster has one database'],
    ['redis+sentinel://s1', 'must name the master'],
    ['redis+sentinel://s1/', 'must name the master'],
    ['redis+sentinel://s1/a/b', 'must name the master'],
    ['redis+sentinel://s1/main?password=x', 'one thing after the ?'],
    ['redis+sentinel://s1/main?sentinelPassword=', 'one thing after the ?'],
    ['redis+sentinel:///main', 'number 1 is none'],
  ]
  test.each(bad)('%s', (url, says) => {
    const parse = () => parseRedisUrl(url)
    expect(parse).toThrow(RedisUrlError)
    expect(parse).toThrow(says)
  })
})
