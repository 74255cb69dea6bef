/** Figures of sinks, looked up when somebody reads them. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Sinks } from '../../sinks/sinks.ts'
import type { SinkStanding } from '../../sinks/standing.ts'
import { watchFigure } from './watch-figure.ts'

const counted: readonly (readonly [string, string, (sink: SinkStanding) => number])[] = [
  ['sink_sent_total', 'Items that the receiver has taken from this process', of => of.counts.sent],
  [
    'sink_refused_total',
    'Items that the receiver refused for good, which were set aside',
    of => of.counts.quarantined,
  ],
  [
    'sink_unkept_total',
    'Items that the receiver refused for good while the quarantine was full, which are not in it',
    of => of.counts.unkept,
  ],
  [
    'sink_failures_total',
    'Times that something kept a sink from sending',
    of => of.counts.failures,
  ],
]

/** Adds them to the registry. */
export const watchSinks = (registry: Registry, { standings }: Pick<Sinks, 'standings'>): void => {
  const labels = ['sink'] as const
  for (const [name, help, read] of counted)
    watchFigure(registry, Counter, name, help, labels, set => {
      for (const sink of standings()) set({ sink: sink.name }, read(sink))
    })
  const failingHelp = '1 while a sink cannot send, else 0; absent where another replica sends'
  watchFigure(registry, Gauge, 'sink_failing', failingHelp, labels, set => {
    for (const { name, state } of standings())
      if (state !== 'ELSEWHERE') set({ sink: name }, state === 'FAILING' ? 1 : 0)
  })
  const lagHelp = 'How long ago the oldest was stored that is not sent yet; 0 where nothing waits'
  watchFigure(registry, Gauge, 'sink_lag_seconds', lagHelp, labels, set => {
    for (const { name, lagSeconds } of standings())
      if (lagSeconds !== undefined) set({ sink: name }, lagSeconds)
  })
  const lostHelp = 'How many at most were deleted before they could be sent, since the sink began'
  watchFigure(registry, Gauge, 'sink_lost_items', lostHelp, labels, set => {
    for (const { name, totals } of standings()) if (totals) set({ sink: name }, totals.lost)
  })
  const placeHelp = 'The sequence up to which a sink has sent what is stored'
  watchFigure(registry, Gauge, 'sink_place', placeHelp, ['sink', 'stream'] as const, set => {
    for (const { name, places } of standings())
      for (const { stream, sequence } of places) set({ sink: name, stream }, sequence)
  })
}
