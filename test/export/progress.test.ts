/** What is told of an export while it runs. */
import { describe, expect, test } from 'vitest'
import type { ExportPart } from '../../src/export/part.ts'
import { createProgress } from '../../src/export/progress.ts'
import { createFakeClock } from '../support/clock.ts'

const part = (type: string, expected: number | undefined): ExportPart => ({
  connector: 'acme',
  type,
  expected: () => expected,
  read: () => {
    throw new Error('Nobody reads')
  },
})

const progressForTest = (
  isTerminal: boolean,
  parts: readonly ExportPart[],
  done: readonly ExportPart[] = [],
  columns = 120,
) => {
  const clock = createFakeClock()
  let text = ''
  const progress = createProgress({
    parts,
    done,
    clock,
    isTerminal,
    columns: () => columns,
    write: more => (text += more),
  })
  return { clock, progress, text: () => text }
}

describe('progress', () => {
  test('on a terminal is one line with bar, objects, requests, rate and time left, gone in the end', async () => {
    const [accounts, apps] = [part('accounts', 1_000), part('apps', 500)]
    const { clock, progress, text } = progressForTest(true, [accounts, apps])
    for (let request = 0; request < 20; request += 1) progress.onRequest()
    await clock.advance(2_000)
    progress.onStand({ part: accounts, rows: 250, met: 250, isDone: false })
    expect(text()).toBe(
      '\r\u001b[Kacme accounts ██████░░░░░░░░░░░░░░░░░░ 250 objects, 20 requests, 10.0/s, 0:10 left',
    )
    // A terminal is not written to for every batch.
    progress.onStand({ part: accounts, rows: 260, met: 260, isDone: false })
    expect(text().split('\r')).toHaveLength(2)
    progress.say('Something')
    expect(text().endsWith('\r\u001b[KSomething\n')).toBe(true)
    progress.clear()
    expect(text().endsWith('Something\n')).toBe(true)
  })

  test.each([120, 100, 80, 60, 40, 20, 1, 0])('stays in one line of %i columns', async columns => {
    const accounts = part('browserExtensions', 1_234_567)
    const { clock, progress, text } = progressForTest(true, [accounts], [], columns)
    for (let request = 0; request < 12_345; request += 1) progress.onRequest()
    await clock.advance(1_234_500)
    progress.onStand({ part: accounts, rows: 234_567, met: 234_567, isDone: false })
    const line = text().replace('\r\u001b[K', '')
    expect(line.length).toBeLessThan(columns === 0 ? 80 : columns)
    if (columns >= 80) expect(line).toMatch(/ 234,567 objects, .* 10\.0\/s, 1:27:43 left$/)
    expect(line.includes('█')).toBe(columns >= 100)
  })

  test('elsewhere is a plain line now and then', async () => {
    const accounts = part('accounts', 1_000)
    const { clock, progress, text } = progressForTest(false, [accounts])
    for (let batch = 1; batch <= 60; batch += 1) {
      await clock.advance(500)
      progress.onRequest()
      progress.onStand({ part: accounts, rows: batch * 10, met: batch * 10, isDone: false })
    }
    const lines = text().trimEnd().split('\n')
    expect(lines).toEqual([
      'acme accounts 20%: 200 objects, 20 requests, 2.0/s, 0:40 left',
      'acme accounts 40%: 400 objects, 40 requests, 2.0/s, 0:30 left',
      'acme accounts 60%: 600 objects, 60 requests, 2.0/s, 0:20 left',
    ])
    expect(text()).not.toContain('\u001b')
    expect(progress.figures(600)).toBe('600 objects, 60 requests, 2.0/s, 0:30')
  })

  test('claims nothing of sizes that nobody knows, and says trouble but now and then', async () => {
    const apps = part('apps', undefined)
    const { clock, progress, text } = progressForTest(false, [apps])
    await clock.advance(10_000)
    progress.onStand({ part: apps, rows: 1_234, met: 1_234, isDone: false })
    for (let failure = 0; failure < 5; failure += 1) progress.trouble('Push failed (503).')
    expect(text()).toBe(
      'acme apps: 1,234 objects, 0 requests, 0.0/s\nPush failed (503). It is asked again.\n',
    )
  })

  test('counts what an earlier run has done as done', async () => {
    const [accounts, apps] = [part('accounts', 1_000), part('apps', 100)]
    const { clock, progress, text } = progressForTest(false, [accounts, apps], [accounts])
    await clock.advance(10_000)
    progress.onStand({ part: apps, rows: 1_050, met: 50, isDone: false })
    expect(text()).toContain('acme apps 50%: 1,050 objects, 0 requests, 0.0/s, 0:10 left')
  })
})
