import { expect, it } from 'vitest'
import { readArguments, usage } from '../../bench/arguments.ts'

it('measures more often, and for longer, where parts are named', () => {
  expect(readArguments([])).toMatchObject({ runs: 3, seconds: 20, tenants: 200, seed: 0 })
  expect(readArguments(['--only', 'requests'])).toMatchObject({ runs: 5, seconds: 60 })
  expect(readArguments(['--runs', '1', '--seed', '0', '--full'])).toMatchObject({
    runs: 1,
    seed: 0,
    full: true,
  })
})

it.each([
  [['--runs', '0'], '--runs 0: a whole number of at least 1 is wanted'],
  [['--seconds', 'ten'], '--seconds ten: a whole number of at least 1 is wanted'],
  [['--seed', '1.5'], '--seed 1.5: a whole number of at least 0 is wanted'],
  [['--often'], "Unknown option '--often'"],
])('refuses %j and says why', (given, why) => {
  expect(() => readArguments(given)).toThrow(why)
})

it('says each of its options and parts', () => {
  const said = usage(['requests', 'fair'])
  for (const option of ['only', 'full', 'before', 'runs', 'question', 'seed', 'tenants', 'seconds'])
    expect(said).toContain(`--${option} `)
  expect(said).toContain('requests, fair')
})
