/** The views for Grafana, without Grafana: every question is asked as its data source asks it, and every column looked at. */
import { request } from 'undici'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { InfinityQuery } from '../../../examples/grafana/source/infinity.ts'
import { demoAppForFile } from '../../support/demo-app.ts'
import {
  answerTo,
  annotationQuery,
  askedByDashboards,
  askedFrame,
  askedWith,
  chosen,
  DAY_MS,
  everywhere,
  expectValues,
  listed,
  panelQuery,
  variableQuery,
} from '../../support/grafana-views.ts'
import { addressOf, type Chosen, type Frame, frameOf } from '../../support/infinity.ts'

describe('asked of the demo tenant', () => {
  const app = demoAppForFile(() => ({
    ...listed,
    PUSHGRAPH_DEMO_LATENCY_MS: '0',
    // However long all of this takes.
    PUSHGRAPH_MAX_AGE_S: '3600',
    PUSHGRAPH_STALE_S: '7200',
  }))

  beforeAll(async () => {
    // The past of its webhooks is stored while it serves, the oldest first.
    const marks = annotationQuery('Detections')
    await vi.waitFor(
      async () => {
        expect(await askedFrame(app.url, marks)).toBeDefined()
      },
      { timeout: 120_000 },
    )
  })

  /** Nothing is missing, nobody fails; what administrators did comes by webhook alone, which others try. */
  const isEmpty = ({ of, query }: (typeof everywhere)[number]): boolean =>
    query.columns.some(({ text }) => text === 'Warning') || of.endsWith('annotation Administrators')

  test.each(everywhere.filter(each => !isEmpty(each)))(
    'finds values of the right kind in every column: $of',
    async ({ query }) => {
      expectValues(query, await askedFrame(app.url, query))
    },
  )

  test.each(everywhere.filter(({ query }) => query.format === 'timeseries'))(
    'has its columns in the order of time, one for each step and word: $of',
    async ({ query }) => {
      const { time = [], of = [] } = (await askedFrame(app.url, query)) ?? {}
      const moments = time.map(Number)
      expect(moments).toEqual([...moments].sort((a, b) => a - b))
      const steps = new Set(moments).size
      expect(steps).toBeGreaterThanOrEqual(30)
      expect(new Set(of).size * steps).toBe(moments.length)
    },
  )

  const numberOf = async (query: InfinityQuery, name: string, to?: Chosen): Promise<number> => {
    const found = (await askedFrame(app.url, query, to))?.[name]?.[0]
    if (typeof found !== 'number') throw new Error(`${name} is no number`)
    return found
  }
  const optionsOf = async (name: string): Promise<Frame> => {
    return (await askedFrame(app.url, variableQuery(name))) ?? {}
  }

  test('every person is of one department, and is counted there', async () => {
    const { text = [], value = [] } = await optionsOf('department')
    expect(text).toContain('no department')
    expect(value.length).toBeGreaterThan(5)
    const query = panelQuery('people', 'Numbers')
    let sum = 0
    for (const each of value)
      sum += await numberOf(query, 'People', chosen(30, { department: [String(each)] }))
    expect(sum).toBe(await numberOf(query, 'People'))
    const [first = '', second = ''] = value.map(String)
    const both = await numberOf(query, 'People', chosen(30, { department: [first, second] }))
    const alone = [first, second].map(each =>
      numberOf(query, 'People', chosen(30, { department: [each] })),
    )
    expect(both).toBe((await Promise.all(alone)).reduce((a, b) => a + b))
  })

  test('all departments are with what is of nobody', async () => {
    const query = panelQuery('overview', 'Numbers')
    const { value = [] } = await optionsOf('department')
    const each = chosen(30, { department: value.map(String) })
    expect(await numberOf(query, 'Accounts', each)).toBeLessThan(await numberOf(query, 'Accounts'))
    expect(await numberOf(query, 'People', each)).toBe(await numberOf(query, 'People'))
  })

  test('a connector is asked for by its alias, and one that is none of them is not counted', async () => {
    const query = panelQuery('people', 'Numbers')
    const { value = [] } = await optionsOf('connector')
    expect(value).toEqual(['demo'])
    const all = await numberOf(query, 'People')
    expect(await numberOf(query, 'People', chosen(30, { connector: ['demo'] }))).toBe(all)
    const { answer } = await answerTo(app.url, query, chosen(30, { connector: ['other'] }))
    expect(JSON.stringify(answer.errors)).toContain('other')
  })

  test.each([
    ['quotes', 'Legal, "Köln" & Süd'],
    ['a backslash', 'R\\D'],
    ['braces and a bracket', '{"a"}],['],
    ['a variable of Grafana', '$connector ${department} [[connector]]'],
    ['nothing but a blank', ' '],
  ])('a department may have %s in its name', async (_, name) => {
    const made = await frameOf(variableQuery('department'), {
      data: { employees: { groups: [{ keys: [name] }, { keys: ['Other'] }] } },
    })
    const [value = null] = made?.['value'] ?? []
    expect(JSON.parse(String(value))).toEqual({ department: { eq: name, caseSensitive: true } })
    const to = chosen(30, { department: [String(value)] })
    for (const { query } of askedByDashboards) {
      const { status, answer } = await answerTo(app.url, query, to)
      expect({ status, errors: answer.errors }).toEqual({ status: 200, errors: undefined })
    }
    expect(await numberOf(panelQuery('people', 'Numbers'), 'People', to)).toBe(0)
  })

  test('people whose department is empty or not known are of no department', async () => {
    for (const key of [null, '']) {
      const groups = [{ keys: [key] }, { keys: ['Other'] }]
      const made = await frameOf(variableQuery('department'), { data: { employees: { groups } } })
      expect(made?.['text']).toEqual(['no department', 'Other'])
      expect(JSON.parse(String(made?.['value']?.[0]))).toEqual({
        or: [{ department: { isNull: true } }, { department: { eq: '' } }],
      })
    }
  })

  const now = new Date()
  test.each([
    ['of 90 days', chosen(90)],
    ['of two years', chosen(730)],
    ['of five minutes', chosen(5 / 1440)],
    ['in the future', chosen(7, {}, new Date(Number(now) + 30 * DAY_MS))],
  ])('a range %s is answered everywhere', async (_, to) => {
    for (const { query } of askedByDashboards) await askedFrame(app.url, query, to)
  })

  test('ranges have columns as wide as they want them', async () => {
    const query = panelQuery('detections', 'New detections by severity')
    const widths = async (days: number): Promise<number> => {
      const { time = [] } = (await askedFrame(app.url, query, chosen(days))) ?? {}
      const [first = 0, second = 0] = [...new Set(time.map(Number))]
      return (second - first) / 3_600_000
    }
    expect(await widths(2)).toBe(1)
    expect(await widths(90)).toBe(24)
    expect(await widths(180)).toBe(7 * 24)
  })

  test('what was made in a range is counted in it alone', async () => {
    const query = panelQuery('findings', 'Numbers')
    const to = new Date(Date.now() - 10 * DAY_MS)
    const [month, before, after] = [
      await numberOf(query, 'New', chosen(30, {}, new Date(Number(to) + 10 * DAY_MS))),
      await numberOf(query, 'New', chosen(20, {}, to)),
      await numberOf(query, 'New', chosen(10, {}, new Date(Number(to) + 10 * DAY_MS))),
    ]
    expect(before).toBeGreaterThan(0)
    expect(before + after).toBe(month)
  })

  test('who looks within the same minute asks the same', () => {
    const query = panelQuery('overview', 'Numbers')
    const at = (seconds: number): string =>
      addressOf(query, chosen(30, {}, new Date(Date.UTC(2026, 0, 1, 8, 0, seconds))))
    expect(at(1)).toBe(at(59))
    expect(at(1)).not.toBe(at(61))
  })

  test('asked again, nothing is read from Push, and what is the same is not sent', async () => {
    const query = panelQuery('people', 'Numbers')
    const to = chosen()
    await askedFrame(app.url, query, to)
    const made = app.requestsMade()
    const address = new URL(addressOf(query, to), app.url)
    const { headers: told, body } = await request(address, { headers: askedWith })
    await body.dump()
    expect(told['cache-control']).toMatch(/^private, max-age=[1-9]\d*$/)
    const again = await request(address, {
      headers: { ...askedWith, 'if-none-match': String(told.etag) },
    })
    expect([again.statusCode, await again.body.text()]).toEqual([304, ''])
    expect(app.requestsMade()).toBe(made)
  })
})
