/** Whether traces are told, and to whom: the variables that OpenTelemetry has for it. */
import { z } from 'zod'
import { anyText } from './kinds.ts'

const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const

type SamplerName = (typeof SAMPLERS)[number]

const endpoint = z
  .string()
  .refine(value => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), {
    error: 'must be an address such as http://collector:4318',
  })
  .optional()

/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.describe(
    'address of a collector that takes OTLP over HTTP; without it nothing is traced',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.describe(
    'the same with its path, for traces alone (default the one above and /v1/traces)',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: anyText.describe('headers for it: name=value, parted by commas'),
  OTEL_SERVICE_NAME: anyText.describe('what this server is called there (default pushgraph)'),
  OTEL_RESOURCE_ATTRIBUTES: anyText.describe('more about it: name=value, parted by commas'),
  OTEL_TRACES_SAMPLER: anyText.describe(
    'which traces are told: parentbased_always_on, ..., traceidratio (default parentbased_always_on)',
  ),
  OTEL_TRACES_SAMPLER_ARG: anyText.describe(
    'the share of them from 0 to 1, where that depends on a ratio (default 1)',
  ),
  OTEL_SDK_DISABLED: anyText.describe('true: nothing is traced (default false)'),
}

export interface TracingSettings {
  /** Where traces are sent to. */
  readonly url: string
  /** A function, so that no log of the settings can show them. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly serviceName: string
  /** What else the service is told to be. */
  readonly attributes: Readonly<Record<string, string>>
  readonly sampler: SamplerName
  readonly ratio: number
}

type Given = z.infer<z.ZodObject<typeof tracingVariables>>

/** Undefined where nothing is traced. */
export const readTracing = (given: Given): TracingSettings | undefined => {
  const base = given.OTEL_EXPORTER_OTLP_ENDPOINT
  const url =
    given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`)
  if (url === undefined || given.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined
  const headers = pairsOf(given.OTEL_EXPORTER_OTLP_HEADERS)
  const { 'service.name': named, ...attributes } = pairsOf(given.OTEL_RESOURCE_ATTRIBUTES)
  return {
    url,
    headers: () => headers,
    serviceName: given.OTEL_SERVICE_NAME ?? named ?? 'pushgraph',
    attributes,
    sampler: samplerIn(given) ?? 'parentbased_always_on',
    ratio: ratioIn(given) ?? 1,
  }
}

const samplerIn = ({ OTEL_TRACES_SAMPLER: name }: Given): SamplerName | undefined =>
  SAMPLERS.find(each => each === name?.toLowerCase())

const ratioIn = ({ OTEL_TRACES_SAMPLER_ARG: share }: Given): number | undefined => {
  const ratio = Number(share)
  return share !== undefined && ratio >= 0 && ratio <= 1 ? ratio : undefined
}

/**
 * What is set and does nothing. These variables may stand in the environment for others: what is not understood keeps no
 * server from starting.
 */
export const idleTracing = (env: Readonly<Partial<Record<string, string>>>): readonly string[] => {
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share } = env
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL']
  const isOff =
    env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined &&
    env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT === undefined
  if (isOff) return []
  return [
    ...(protocol === 'grpc'
      ? [
          'OTEL_EXPORTER_OTLP_PROTOCOL=grpc has no effect: traces are sent over HTTP, for which collectors have another port, mostly 4318',
        ]
      : []),
    ...(sampler !== undefined && samplerIn(env) === undefined
      ? [`OTEL_TRACES_SAMPLER has no effect: it is none of ${SAMPLERS.join(', ')}`]
      : []),
    ...(share !== undefined && ratioIn(env) === undefined
      ? ['OTEL_TRACES_SAMPLER_ARG has no effect: it is no number from 0 to 1']
      : []),
  ]
}

/** `name=value,other=value`, percent-encoded; what is no pair is left out. */
const pairsOf = (text: string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (text ?? '').split(',').flatMap(pair => {
      const at = pair.indexOf('=')
      if (at <= 0) return []
      return [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const]
    }),
  )

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
