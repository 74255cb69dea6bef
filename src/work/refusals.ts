/** Why the work of an operation ends before its time. */
import { LimitError, UpstreamUnavailableError } from '../errors.ts'

export const nobodyWaits = (): UpstreamUnavailableError =>
  new UpstreamUnavailableError('The operation was given up: its caller left, or the server stops')

/** It took so many milliseconds of processor time. */
export const tooMuchTime = (spentMs: number, maxMs: number): LimitError =>
  beyond('takes more processor time than', 'PUSHGRAPH_MAX_CPU_MS', Math.ceil(spentMs), maxMs)

/** Its answer has so many bytes. */
export const tooLongAnswer = (bytes: number, maxBytes: number): LimitError =>
  beyond(
    'has a longer answer than',
    'PUSHGRAPH_MAX_ANSWER_MB',
    megabytes(bytes),
    megabytes(maxBytes),
  )

const megabytes = (bytes: number): number => Math.ceil((bytes / 1_048_576) * 10) / 10

const beyond = (what: string, limit: string, value: number, max: number): LimitError =>
  new LimitError(
    `The operation ${what} ${limit} allows (${max}); ask for fewer rows, fields or aliases at once, or raise it`,
    { limit, value, max },
  )
