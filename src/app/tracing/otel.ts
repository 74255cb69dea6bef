/**
 * Traces in the words of OpenTelemetry. No document, value, id or query is among them, and nothing of it is sent on to
 * Push.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TracingSettings } from '../../config/tracing.ts'
import type {
  OperationTrace,
  TracedDelivery,
  TracedOperation,
  TracedQuestion,
  TracedRequest,
  TraceHeaders,
  Tracing,
} from '../../model/tracing.ts'
import { withTelling } from './telling-exporter.ts'

/** How long the last spans may take to leave when the server stops. */
const CLOSING_MS = 2_000

const NAME = 'pushgraph'

/** `onProblem` hears once that spans cannot be sent, and without an error that they can again. */
export const createTracing = (
  settings: TracingSettings,
  onProblem: (message: string, error: unknown) => void,
): Tracing => {
  const { url, headers, serviceName, attributes } = settings
  const exporter = withTelling(new OTLPTraceExporter({ url, headers: { ...headers() } }), onProblem)
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ ...attributes, 'service.name': serviceName }),
    ),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer(NAME)
  const propagator = new W3CTraceContextPropagator()
  /** What goes on, by the id that its requests to Push are made for. */
  const running = new Map<string, Context>()

  const parentOf = (given: TraceHeaders): Context =>
    propagator.extract(ROOT_CONTEXT, given, defaultTextMapGetter)

  const begin = (id: string, name: string, kind: SpanKind, parent: Context) => {
    const span = tracer.startSpan(name, { kind }, parent)
    const context = trace.setSpan(parent, span)
    running.set(id, context)
    const end = (): void => {
      if (running.get(id) === context) running.delete(id)
      span.end()
    }
    return { span, context, end }
  }

  /** Something that is over. */
  const past = (
    name: string,
    { kind = SpanKind.INTERNAL, ms, before = 0, failure, ...more }: Past,
    parent: Context,
  ): void => {
    const endTime = Date.now() - before
    const span = tracer.startSpan(name, { kind, startTime: endTime - ms, ...more }, parent)
    if (failure !== undefined) fail(span, failure)
    span.end(endTime)
  }

  return {
    operation: (id, given): OperationTrace => {
      const { span, context, end } = begin(
        id,
        'GraphQL Operation',
        SpanKind.SERVER,
        parentOf(given),
      )
      span.setAttribute('pushgraph.request_id', id)
      return {
        traceId: span.spanContext().traceId,
        step: name => {
          const step = tracer.startSpan(name, {}, context)
          return () => step.end()
        },
        end: told => {
          if (!span.isRecording()) {
            running.delete(id)
            return
          }
          describe(span, told)
          end()
        },
      }
    },
    work: (name, id) => {
      const { span, end } = begin(id, name, SpanKind.INTERNAL, ROOT_CONTEXT)
      return failed => {
        if (failed) fail(span, '_OTHER')
        end()
      }
    },
    request: request => {
      const { connector, waitedMs, latencyMs: before, madeFor } = request
      const parent = running.get(madeFor) ?? ROOT_CONTEXT
      const attributes = { 'pushgraph.connector': connector }
      if (waitedMs > 0) past('wait for the limiter', { ms: waitedMs, before, attributes }, parent)
      past(`${request.method} ${request.path}`, spanOfRequest(request), parent)
    },
    question: question => {
      const parent = running.get(question.madeFor) ?? ROOT_CONTEXT
      past('SELECT event', spanOfQuestion(question), parent)
    },
    delivery: delivery => {
      past(`POST ${WEBHOOKS}`, spanOfDelivery(delivery), parentOf(delivery.headers))
    },
    close: async () => {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>(resolve => {
        timer = setTimeout(resolve, CLOSING_MS)
      })
      await Promise.race([provider.shutdown().catch(() => undefined), late])
      clearTimeout(timer)
    },
  }
}

interface Past {
  readonly kind?: SpanKind
  readonly ms: number
  /** So many milliseconds ago it ended. */
  readonly before?: number
  readonly attributes: Attributes
  /** What kind of failure it was, if it was one. */
  readonly failure?: string | undefined
}

const spanOfRequest = (request: TracedRequest): Past => {
  const { connector, url, method, path, outcome, resent, latencyMs } = request
  const isAnswer = typeof outcome === 'number'
  return {
    kind: SpanKind.CLIENT,
    ms: latencyMs,
    attributes: {
      'pushgraph.connector': connector,
      'http.request.method': method,
      ...addressOf(url, path),
      ...(isAnswer ? { 'http.response.status_code': outcome } : {}),
      ...(resent > 0 ? { 'http.request.resend_count': resent } : {}),
    },
    failure: isAnswer && outcome < 400 ? undefined : String(outcome),
  }
}

/** @see https://opentelemetry.io/docs/specs/semconv/database/postgresql/ */
const spanOfQuestion = ({ ms, failure }: TracedQuestion): Past => ({
  kind: SpanKind.CLIENT,
  ms,
  attributes: {
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.collection.name': 'event',
  },
  failure,
})

const WEBHOOKS = '/webhooks/{connector}'

const spanOfDelivery = ({ connector, result, status, ms }: TracedDelivery): Past => ({
  kind: SpanKind.SERVER,
  ms,
  attributes: {
    'http.request.method': 'POST',
    'http.route': WEBHOOKS,
    'url.path': WEBHOOKS,
    'url.scheme': 'http',
    'http.response.status_code': status,
    'pushgraph.delivery': result.replaceAll(' ', '_'),
    ...(connector === undefined ? {} : { 'pushgraph.connector': connector }),
  },
  // What a sender did wrong is no failure of this server.
  failure: status >= 500 ? String(status) : undefined,
})

const fail = (span: Span, failure: string): void => {
  span.setAttribute('error.type', failure)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Its name is in an attribute, since callers choose it: no more than a word is in the span's own name. */
const describe = (span: Span, told: TracedOperation): void => {
  const { type, operationName, documentHash, connectors, rowsReturned, requests, failure } = told
  if (type !== undefined) span.updateName(type).setAttribute('graphql.operation.type', type)
  if (operationName !== undefined) span.setAttribute('graphql.operation.name', operationName)
  if (documentHash !== undefined) span.setAttribute('pushgraph.document.hash', documentHash)
  if (connectors !== undefined) span.setAttribute('pushgraph.connectors', [...connectors])
  if (rowsReturned !== undefined) span.setAttribute('pushgraph.rows_returned', rowsReturned)
  if (requests !== undefined) span.setAttribute('pushgraph.requests', requests)
  if (failure !== undefined) fail(span, failure)
}

/** The address without ids and query. */
const addressOf = (base: string, path: string): Attributes => {
  const { hostname, port, protocol } = new URL(base)
  return {
    'url.full': `${base}${path}`,
    'url.template': path,
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
  }
}

const samplerOf = ({ sampler, ratio }: TracingSettings): Sampler => {
  const [, kind = sampler] = /^parentbased_(.*)$/.exec(sampler) ?? []
  const root =
    kind === 'traceidratio'
      ? new TraceIdRatioBasedSampler(ratio)
      : kind === 'always_off'
        ? new AlwaysOffSampler()
        : new AlwaysOnSampler()
  return kind === sampler ? root : new ParentBasedSampler({ root })
}
