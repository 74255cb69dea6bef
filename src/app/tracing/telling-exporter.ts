/** Tells the operator whether traces leave. */
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { SpanExporter } from '@opentelemetry/sdk-trace'

/** The same exporter, of which it is told once that it fails, and that it works again. */
export const withTelling = (
  exporter: SpanExporter,
  onProblem: (message: string, error: unknown) => void,
): SpanExporter => {
  let isFailing = false
  const heard = ({ code, error }: ExportResult): void => {
    const fails = code !== ExportResultCode.SUCCESS
    if (fails === isFailing) return
    isFailing = fails
    // The error's own message may hold what the collector answered.
    if (fails) onProblem('Traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT', namedOnly(error))
    else onProblem('Traces can be sent again', undefined)
  }
  return {
    export: (spans, done) =>
      exporter.export(spans, result => {
        heard(result)
        done(result)
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: async () => exporter.shutdown(),
  }
}

const namedOnly = (error: Error | undefined): Error => {
  const code = error !== undefined && 'code' in error ? String(error.code) : 'unknown reason'
  return Object.assign(new Error(code), { stack: undefined })
}
