import { expect, test } from 'vitest'
import { connectors } from '../../../src/graphql/resolvers/connectors.ts'
import type { SinkParent } from '../../../src/graphql/parents.ts'

const sink = (name: string, own: readonly string[] | undefined): SinkParent => ({
  ...{ name, kind: 'http', connectors: own, state: 'FAILING', lagSeconds: 7 },
  totals: { sent: 5, quarantined: 1, lost: 0 },
  lastFailure: { message: 'no', at: 1_000 },
})

const all = [sink('all', undefined), sink('acme', ['acme']), sink('globex', ['globex'])]

/** What a caller who sees those connectors is told of the sinks of acme. */
const toldTo = (seen: ReadonlySet<string> | undefined) => {
  const resolve = connectors.Connector?.sinks as unknown as (
    of: object,
    args: object,
    context: object,
  ) => readonly SinkParent[]
  return resolve({ alias: 'acme' }, {}, { sinks: () => all, rights: { connectors: seen } }).map(
    ({ name, state, totals, lastFailure }) => [name, state, totals?.sent, lastFailure?.message],
  )
}

test('who sees all connectors is told all of the sinks of one', () => {
  expect(toldTo(undefined)).toEqual([
    ['all', 'FAILING', 5, 'no'],
    ['acme', 'FAILING', 5, 'no'],
  ])
})

test('who sees some is told nothing of a sink that tells of others, but that it is there and how it fares', () => {
  expect(toldTo(new Set(['acme']))).toEqual([
    ['all', 'FAILING', undefined, undefined],
    ['acme', 'FAILING', 5, 'no'],
  ])
})
