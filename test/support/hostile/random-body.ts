/** Bodies that are no request, or a strange one. */
import { createChance } from './chance.ts'
import { words } from './valid-document.ts'

/** The body of a seed, the same each time: JSON that means nothing, or hardly any. */
export const hostileBody = (seed: number): string => {
  const chance = createChance(seed)
  const value = (depth: number): unknown => {
    const dice = chance.below(depth > 0 ? 8 : 5)
    if (dice === 0) return chance.pick([null, true, false])
    if (dice === 1) return chance.pick([0, -1, 1e300, 0.1])
    if (dice < 5) return chance.pick(words)
    if (dice === 5) return Array.from({ length: chance.few(5) }, () => value(depth - 1))
    return Object.fromEntries(
      Array.from({ length: chance.few(5) }, () => [chance.pick(words), value(depth - 1)]),
    )
  }
  const member = (usual: unknown): unknown => (chance.oneIn(3) ? value(3) : usual)
  const makers: readonly (() => string)[] = [
    () => JSON.stringify(value(4)),
    () =>
      JSON.stringify({
        query: member('{ apps(first: 1) { totalCount } }'),
        variables: member({}),
        operationName: member(null),
        extensions: member({}),
        ...(chance.oneIn(4) ? { [chance.pick(words)]: value(3) } : {}),
      }),
    () =>
      JSON.stringify(Array.from({ length: chance.few(50) }, () => ({ query: '{ __typename }' }))),
    () => JSON.stringify({ query: '{__typename}', extensions: { persistedQuery: value(2) } }),
    () => '['.repeat(chance.below(5_000)),
    () => `{"query":"{__typename}","extensions":${'['.repeat(150)}${']'.repeat(150)}}`,
    () =>
      `{"query":"{__typename}","variables":{${Array.from({ length: chance.below(30_000) }, (_, i) => `"a${i}":1`).join(',')}}}`,
    () => `{"query":"{__typename}","variables":{"a":[${'{},'.repeat(chance.below(30_000))}{}]}}`,
    () => JSON.stringify({ query: '{ apps { totalCount } }' }).slice(0, chance.below(30)),
    () => `{"__proto__":{"query":"{__typename}"},"query":"{__typename}"}`,
    () => '',
  ]
  return chance.pick(makers)()
}
