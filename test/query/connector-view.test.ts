import { expect, test } from 'vitest'
import { ConnectorView } from '../../src/query/connector-view.ts'
import type { ConnectorStore } from '../../src/store/store.ts'

test('a connector of which the alias alone is asked for is not looked into', () => {
  const looked: (string | symbol)[] = []
  const store = new Proxy({ alias: 'default' } as ConnectorStore, {
    get: (target, name) => {
      looked.push(name)
      return Reflect.get(target, name) as unknown
    },
  })
  expect(new ConnectorView(store).alias).toBe('default')
  expect(looked).toEqual(['alias'])
})
