import { expect, test } from 'vitest'
import { connectors } from '../../../src/graphql/resolvers/connectors.ts'
import type { SinkParent } from '../../../src/graphql/parents.ts'

const sink = (name: string, own: readonly string[] | undefined): SinkParent => ({
  ...{ name, kind: 'http', connectors: own, state: 'FAILING', lagSeconds: 7 },
  totals: { sent: 5, quarantined: 1, lost: 0 },
  lastFailure: { message: 'no', at: 1_000 },
})

test('the sinks of a connector are those that send of it', () => {
  const all = [sink('all', undefined), sink('acme', ['acme']), sink('globex', ['globex'])]
  const resolve = connectors.Connector?.sinks as unknown as (
    ...given: readonly object[]
  ) => readonly SinkParent[]
  expect(resolve({ alias: 'acme' }, {}, { sinks: () => all }).map(({ name }) => name)).toEqual([
    'all',
    'acme',
  ])
})
