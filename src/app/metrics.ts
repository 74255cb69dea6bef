/** Every figure of `/metrics`. Labels hold aliases, paths without ids, and words of ours alone. */
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { Metering } from '../http/apollo/metering.ts'
import type { Summary } from '../query/operation/summary.ts'
import type { UpstreamEvent } from '../upstream/contract/events.ts'
import { createRenderMetrics } from './render-metrics.ts'
import { createTiming } from './timing.ts'
import { NAMES } from './figures/watch-figure.ts'
import { watchAll, type Watched } from './watched.ts'

export interface Metrics extends Metering {
  /** Something happened between that connector and Push. */
  upstream(connector: string, event: UpstreamEvent): void
  /** That connector is served no more: its figures are told no more. */
  forget(connector: string): void
  /** An operation was answered at that cost; `again`, as it had been before. */
  answered(summary: Summary, again: boolean): void
  /** From now on these are looked at too. */
  watch(watched: Watched): void
}

/** Seconds: from an answer out of memory to the longest that an operation may take. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]

const LEFT_OUT = 'metrics_left_out_total'

/** How long one figure may take: Prometheus gives up after 10 s. */
const LOOK_UP_MS = 1_000

/** Figures of their own for each app: nothing is shared through the library. */
export const createMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const make = makersFor(registry)
  const countOperation = make.tally(
    'operations_total',
    'Operations by the code of their first error',
    ['type', 'result'],
  )
  const timeOperation = make.timing('operation_seconds', 'From an operation to its answer', 'type')
  const countAnswer = make.tally(
    'answers_total',
    'Operations answered: as before, from the store alone, or with requests to Push',
    ['source'],
  )
  const hits = make.counter(
    'store_hits_total',
    'Lists and objects that the store had for an operation',
  )
  const returned = make.counter('rows_returned_total', 'Rows in the answers of operations')
  const deliveryTime = make.histogram(
    'delivery_seconds',
    'From the whole of a delivery to its acknowledgement or refusal',
  )

  /** Operations that went beyond a limit, by its name. */
  const beyond = new Map<string, number>()

  const leftOut = make.counter(
    LEFT_OUT,
    'Figures that could not be looked up, or not in time, and were left out here',
    ['figure'],
  )
  const render = createRenderMetrics({
    registry,
    last: `${NAMES}${LEFT_OUT}`,
    onLeftOut: figure => leftOut.inc({ figure }),
    withinMs: LOOK_UP_MS,
  })

  return {
    ...createUpstreamCounts(make),
    answered: (summary, again) => {
      countAnswer(again ? 'kept' : summary.requests === 0 ? 'store' : 'push')
      hits.inc(summary.cacheHits)
      returned.inc(summary.rowsReturned)
    },
    operation: (type, result, ms, limits = []) => {
      countOperation(type, result)
      timeOperation(type, ms / 1_000)
      for (const limit of limits) beyond.set(limit, (beyond.get(limit) ?? 0) + 1)
    },
    delivery: ms => deliveryTime.observe(ms / 1_000),
    watch: watched => watchAll(registry, watched, beyond),
    render: async () => ({ contentType: registry.contentType, text: await render() }),
  }
}

/** Counts what happens between the connectors and Push. */
const createUpstreamCounts = ({
  counter,
  histogram,
}: Makers): Pick<Metrics, 'upstream' | 'forget'> => {
  const ofPath = ['connector', 'path'] as const
  const requests = counter('upstream_requests_total', 'Requests that went to Push', [
    ...ofPath,
    'status',
  ])
  const latency = histogram(
    'upstream_latency_seconds',
    'From sending a request to its answer',
    ofPath,
  )
  const wait = histogram('upstream_wait_seconds', 'Time that requests waited for the limiter', [
    'connector',
    'priority',
  ])
  const retries = counter('upstream_retries_total', 'Requests that were sent once more', [
    ...ofPath,
    'code',
  ])
  const kept = counter(
    'upstream_kept_answers_total',
    'Answers that took the place of a request to Push, since they were kept in the data folder',
    ofPath,
  )
  const pauses = counter('upstream_pauses_total', 'Pauses after a 429 of Push', ['connector'])

  const upstream: Metrics['upstream'] = (connector, event) => {
    switch (event.kind) {
      case 'request': {
        const { path, priority } = event
        requests.inc({ connector, path, status: String(event.outcome) })
        latency.observe({ connector, path }, event.latencyMs / 1_000)
        wait.observe({ connector, priority }, event.waitedMs / 1_000)
        return
      }
      case 'retry':
        retries.inc({ connector, path: event.path, code: event.code })
        return
      case 'pause':
        pauses.inc({ connector })
        return
      case 'kept':
        kept.inc({ connector, path: event.path })
        return
      case 'circuit':
      case 'learnt':
        return
      default:
        event satisfies never
    }
  }
  return {
    upstream,
    forget: connector => {
      for (const figure of [requests, latency, wait, retries, kept, pauses])
        void removeOf(figure, connector)
    },
  }
}

/** Removes all series of that connector. */
const removeOf = async (figure: Counter | Histogram, connector: string): Promise<void> => {
  const { values } = await figure.get()
  for (const { labels } of values) {
    // The bounds of a histogram are labels too, of which its series know nothing.
    const { le: _le, ...own } = labels as Readonly<Record<string, string | number>>
    if (own['connector'] === connector) figure.remove(own)
  }
}

type Makers = ReturnType<typeof makersFor>

/** Makes figures for the registry. */
const makersFor = (registry: Registry) => {
  const registers = [registry]

  return {
    counter: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
    ) => new Counter({ name: `${NAMES}${name}`, help, labelNames, registers }),
    histogram: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
    ) => new Histogram({ name: `${NAMES}${name}`, help, labelNames, registers, buckets: BUCKETS }),
    /**
     * A counter that the library hears of when it is read: to find the one to count in, it makes a text of all labels,
     * and answers out of memory are so short that it shows. Counts one more with a value of each label.
     */
    tally: (name: string, help: string, [label, other]: [string, string?]) => {
      const counts = new Map<string, Map<string, number>>()
      new Counter({
        name: `${NAMES}${name}`,
        help,
        labelNames: other === undefined ? [label] : [label, other],
        registers,
        collect() {
          this.reset()
          for (const [value, byOther] of counts)
            for (const [otherValue, count] of byOther)
              this.inc({ [label]: value, ...(other && { [other]: otherValue }) }, count)
        },
      })
      return (value: string, otherValue = ''): void => {
        let byOther = counts.get(value)
        if (byOther === undefined) counts.set(value, (byOther = new Map<string, number>()))
        byOther.set(otherValue, (byOther.get(otherValue) ?? 0) + 1)
      }
    },
    /** A histogram of the same kind: counts so many seconds under that value of the label. */
    timing: (name: string, help: string, label: string) =>
      createTiming({ name: `${NAMES}${name}`, help, label, buckets: BUCKETS, registry }),
  }
}
