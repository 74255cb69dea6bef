/** Times that the library of figures hears of late: it shows them as if it had counted each itself. */
import fc from 'fast-check'
import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createTiming } from '../../src/app/timing.ts'

const about = { name: 'seconds', help: 'How long it took', label: 'type' }
const buckets = [0.25, 0.5, 1, 4]

test('are shown as those that it counted are', async () => {
  // Sums of such fractions are exact; some stand on a bound, some beyond the last.
  const second = fc.integer({ min: 0, max: 40 }).map(eighths => eighths / 8)
  const times = fc.array(fc.tuple(fc.constantFrom('query', 'mutation'), second), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(times, async taken => {
      const [registry, reference] = [new Registry(), new Registry()]
      const { label, ...names } = about
      const count = createTiming({ ...about, buckets, registry })
      const histogram = new Histogram({
        ...names,
        labelNames: [label],
        buckets,
        registers: [reference],
      })
      for (const [type, seconds] of taken) {
        count(type, seconds)
        histogram.observe({ type }, seconds)
      }
      const linesOf = async (of: Registry) => (await of.metrics()).split('\n').toSorted()
      expect(await linesOf(registry)).toEqual(await linesOf(reference))
    }),
  )
})
