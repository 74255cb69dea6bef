import { describe, expect, test } from 'vitest'
import { createRefresher } from '../../../src/store/reading/refresh.ts'
import { settle } from '../../support/clock.ts'

const jobs = () => {
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const job = (key: string) => (): Promise<void> => {
    begun.push(key)
    return new Promise((resolve, reject) => {
      ends.set(key, error => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  }
  const end = async (key: string, error?: Error): Promise<void> => {
    ends.get(key)?.(error)
    await settle()
  }
  return { begun, job, end }
}

describe('what is asked to be read again', () => {
  test('is read once at a time, however often it is asked for', async () => {
    const { begun, job, end } = jobs()
    const refresher = createRefresher({ alias: 'default', enabled: true })
    refresher.ask('a', job('a'))
    refresher.ask('a', job('a'))
    expect(begun).toEqual(['a'])
    expect(refresher.isRefreshing('a')).toBe(true)
    await end('a')
    expect(refresher.isRefreshing('a')).toBe(false)
    refresher.ask('a', job('a'))
    expect(begun).toEqual(['a', 'a'])
  })

  test('waits while four are being read, and goes in the order of asking', async () => {
    const { begun, job, end } = jobs()
    const refresher = createRefresher({ alias: 'default', enabled: true })
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) refresher.ask(key, job(key))
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    expect(refresher.isRefreshing('f')).toBe(true)
    await end('c')
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
    await end('a')
    expect(begun.at(-1)).toBe('f')
  })

  test('is reported when it fails, and does not hold up the others', async () => {
    const { begun, job, end } = jobs()
    const problems: unknown[] = []
    const refresher = createRefresher({
      alias: 'default',
      enabled: true,
      onProblem: (_message, error) => {
        problems.push(error)
      },
    })
    for (const key of ['a', 'b', 'c', 'd', 'e']) refresher.ask(key, job(key))
    const failure = new Error('down')
    await end('a', failure)
    expect(problems).toEqual([failure])
    expect(begun).toContain('e')
    expect(refresher.isRefreshing('a')).toBe(false)
  })

  test('is reported once while it fails in one way, and again once it worked in between', async () => {
    const { job, end } = jobs()
    const problems: unknown[] = []
    const refresher = createRefresher({
      alias: 'default',
      enabled: true,
      onProblem: (_message, error) => {
        problems.push(error)
      },
    })
    const read = async (key: string, error?: Error): Promise<void> => {
      refresher.ask(key, job(key))
      await end(key, error)
    }
    const [down, refused] = [new TypeError('down'), new RangeError('refused')]
    for (const key of ['apps a', 'apps b', 'apps a']) await read(key, down)
    expect(problems).toEqual([down])
    await read('apps b', refused)
    await read('apps a', down)
    expect(problems).toEqual([down, refused])
    // Another list works all the while.
    await read('accounts a')
    await read('apps a', down)
    expect(problems).toEqual([down, refused])
    await read('apps a')
    await read('apps b', down)
    expect(problems).toEqual([down, refused, down])
    for (const key of ['whole apps', 'whole accounts', 'whole apps']) await read(key, down)
    expect(problems).toEqual([down, refused, down, down, down])
  })

  test('is not read where refreshing is off, but what was begun goes on', () => {
    const { begun, job } = jobs()
    const refresher = createRefresher({ alias: 'default', enabled: false })
    refresher.ask('stale', job('stale'))
    refresher.carryOn('unfinished', job('unfinished'))
    expect(begun).toEqual(['unfinished'])
  })

  test('is not begun after the end, whose failures are nobody’s business', async () => {
    const { begun, job, end } = jobs()
    const problems: unknown[] = []
    const refresher = createRefresher({
      alias: 'default',
      enabled: true,
      onProblem: (_message, error) => {
        problems.push(error)
      },
    })
    for (const key of ['a', 'b', 'c', 'd', 'e']) refresher.ask(key, job(key))
    refresher.close()
    await end('a', new Error('closed'))
    refresher.ask('f', job('f'))
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    expect(problems).toEqual([])
  })
})
