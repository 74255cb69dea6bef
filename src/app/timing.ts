/** A histogram that the library hears of when it is read: to find where to count, it makes a text of all labels each time. */
import type { Metric, Registry } from 'prom-client'

interface Tally {
  /** How many took no longer than each bound, but longer than the one before it; the last, than all of them. */
  readonly counts: number[]
  sum: number
}

export interface TimingOptions {
  readonly name: string
  readonly help: string
  readonly label: string
  /** Upper bounds in seconds, from the least to the greatest. */
  readonly buckets: readonly number[]
  readonly registry: Pick<Registry, 'registerMetric'>
}

/** Registers it; the returned function counts so many seconds under that value of the label. */
export const createTiming = ({
  name,
  help,
  label,
  buckets,
  registry,
}: TimingOptions): ((value: string, seconds: number) => void) => {
  const tallies = new Map<string, Tally>()

  const seriesOf = ([value, { counts, sum }]: [string, Tally]) => {
    const labels = { [label]: value }
    let upTo = 0
    const bounded = counts.map((count, index) => ({
      labels: { le: buckets[index] ?? '+Inf', ...labels },
      value: (upTo += count),
      metricName: `${name}_bucket`,
    }))
    return [
      ...bounded,
      { labels, value: sum, metricName: `${name}_sum` },
      { labels, value: upTo, metricName: `${name}_count` },
    ]
  }
  // Of a figure, the registry asks no more than this.
  const metric = {
    name,
    get: async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: [...tallies].flatMap(seriesOf),
    }),
  }
  registry.registerMetric(metric as unknown as Metric)

  return (value, seconds) => {
    let tally = tallies.get(value)
    if (tally === undefined)
      tallies.set(value, (tally = { counts: [...buckets.map(() => 0), 0], sum: 0 }))
    let at = 0
    while (seconds > (buckets[at] ?? Infinity)) at += 1
    tally.counts[at] = (tally.counts[at] ?? 0) + 1
    tally.sum += seconds
  }
}
