/** The dashboards and alert rules for Grafana, as files: what Grafana wants of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { make } from '../../../examples/grafana/make.ts'
import type { InfinityQuery } from '../../../examples/grafana/source/infinity.ts'
import { createNaming } from '../../../src/graphql/schema/schema.ts'
import { overviewDocumentsOf } from '../../../src/http/pages/overview.ts'
import { readAddress } from '../../../src/http/pages/overview/address.ts'
import { readQuestions } from '../../../src/http/pages/questions.ts'
import {
  dashboards,
  dataSource,
  grafanaFolder,
  panelsOf,
  rules,
  VIEWS,
  everywhere,
} from '../../support/grafana-views.ts'

test('the files are what their sources make of them, by types that Grafana publishes', async () => {
  for (const [path, text] of await make())
    expect([path, readFileSync(`${grafanaFolder}${path}`, 'utf8')]).toEqual([path, text])
})

describe('the dashboards', () => {
  test('are six, beside the one of metrics', () => {
    expect(readdirSync(`${grafanaFolder}dashboards`).sort()).toEqual(
      [...VIEWS, 'metrics'].map(name => `${name}.json`).sort(),
    )
  })

  test.each(dashboards.map(each => [each.title, each] as const))(
    'have panels that lie side by side, each with its words: %s',
    (_, dashboard) => {
      const panels = panelsOf(dashboard)
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } = { x: 0, y: 0, w: 99, h: 0 } }) =>
        Array.from({ length: w * h }, (__, at) => {
          expect(x + w).toBeLessThanOrEqual(24)
          return `${x + (at % w)},${y + Math.floor(at / w)}`
        }),
      )
      expect(new Set(cells).size).toBe(cells.length)
      for (const { description, fieldConfig } of panels) {
        expect(description).toMatch(/\.$/)
        expect(fieldConfig?.defaults.noValue).toMatch(/\w/)
      }
    },
  )

  test.each(dashboards.map(each => [each.title, each] as const))(
    'speak only of columns that they ask for: %s',
    (_, dashboard) => {
      for (const { targets = [], fieldConfig, type } of panelsOf(dashboard)) {
        const names = targets.flatMap(target =>
          (target as unknown as InfinityQuery).columns.map(({ text }) => text),
        )
        // Those of columns over time are of the words in a column.
        if (type === 'timeseries') continue
        for (const { matcher, properties } of fieldConfig?.overrides ?? []) {
          expect(names).toContain(matcher.options)
          const links = JSON.stringify(properties)
          for (const [, name = ''] of links.matchAll(/__data\.fields\[\\"(.+?)\\"\]/g))
            expect(names).toContain(name)
        }
      }
    },
  )

  test('ask the data source that is provided', () => {
    for (const { of, query } of everywhere)
      expect([of, query.datasource]).toEqual([of, { type: dataSource.type, uid: dataSource.uid }])
  })
})

describe('links', () => {
  const texts = dashboards.flatMap(dashboard => [
    ...JSON.stringify(dashboard).matchAll(/"url":"(\$\{pushgraph:raw\}.*?[^\\])"/g),
  ])
  const urls = [...new Set(texts.map(([, url = '']) => JSON.parse(`"${url}"`) as string))]
  const written = readFileSync(new URL('../../../docs/queries.md', import.meta.url), 'utf8')
  const known = new Set([
    ...readQuestions(written).map(({ name }) => name),
    ...Object.keys(overviewDocumentsOf(createNaming(''))),
  ])

  test.each(urls)('lead to a page that there is: %s', url => {
    const [, page = '', hash = ''] = /^\$\{pushgraph:raw\}(\/\w*)#(.*)$/.exec(url) ?? []
    if (page === '/graphiql') {
      expect(known).toContain(new URLSearchParams(hash).get('question'))
      return
    }
    expect(page).toBe('/')
    const filled = hash.replaceAll(
      /\$\{__data.fields\["(.+?)"\]:percentencode\}/g,
      (_, name: string) => encodeURIComponent(name),
    )
    const { view, id, of } = readAddress(`#${filled}`)
    expect(hash).toMatch(new RegExp(`^/${view}\\b`))
    const isOne = view === 'person' || view === 'app'
    expect([id, of]).toEqual(
      isOne ? [view === 'app' ? 'App id' : 'Person id', 'Connector'] : [undefined, undefined],
    )
  })

  test('are there for each view, and for people, apps and questions', () => {
    for (const part of [...VIEWS.map(view => `/#/${view}`), '/#/person?', '/#/app?', '/graphiql#'])
      expect(urls.some(url => url.includes(part))).toBe(true)
  })
})

describe('alert rules', () => {
  test.each(rules)('have all that Grafana wants of them: $title', rule => {
    const [asked, compared] = rule.data
    expect(asked).toMatchObject({
      refId: 'A',
      datasourceUid: dataSource.uid,
      model: { refId: 'A' },
    })
    expect(compared).toMatchObject({
      refId: rule.condition,
      datasourceUid: '__expr__',
      model: { refId: rule.condition, type: 'threshold', expression: 'A' },
    })
    expect(rule.for).toMatch(/^\d+[smh]$/)
    // What is of the time when it is asked has no place here: no variable is put in.
    expect(JSON.stringify(asked?.model)).not.toContain('$__')
    const panel = dashboards
      .find(({ uid }) => uid === rule.dashboardUid)
      ?.panels?.find(({ id }) => id === rule.panelId)
    expect(panel?.title).toBe('Numbers')
    // A dollar would be taken for a variable of the environment.
    expect(JSON.stringify([rule.title, rule.annotations, rule.labels])).not.toContain('$')
  })

  test('have names of their own', () => {
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length)
  })

  test('a rule without a number stays as it was, but for the one that says so', () => {
    expect(
      rules.map(({ uid, noDataState, execErrState }) => [uid, noDataState, execErrState]),
    ).toEqual(
      rules.map(({ uid }) => {
        const state = uid === 'pushgraph-not-whole' ? 'Alerting' : 'KeepLast'
        return [uid, state, state]
      }),
    )
  })
})
