/** Traces, where they are wanted: only then is the library read at all. */
import type { Tracing } from '../../model/tracing.ts'
import type { Setup } from '../setup.ts'

/** Undefined where nothing is traced. */
export const openTracing = async ({
  config,
  opens,
  onProblem,
}: Setup): Promise<Tracing | undefined> => {
  if (config.tracing === undefined) return undefined
  const { createTracing } = await import('./otel.ts')
  const tracing = createTracing(config.tracing, onProblem)
  opens(tracing.close)
  return tracing
}
