/** Why a question about stored events ends without an answer. */
import { LimitError, UpstreamUnavailableError } from '../errors.ts'

/** Nobody waits for it any more. */
export const givenUp = (): Error =>
  new UpstreamUnavailableError('The question was given up: its caller left, or the server stops')

/** It was not answered in the time that its caller waits. */
export const tooLate = (maxWaitMs: number): Error =>
  new LimitError(
    `A question about stored events was not answered within ${maxWaitMs} ms; ask for a shorter time or with a narrower filter, or raise PUSHGRAPH_MAX_WAIT_MS`,
    { limit: 'PUSHGRAPH_MAX_WAIT_MS', value: maxWaitMs, max: maxWaitMs },
  )

/** It took more of the processor's time than its operation may. */
export const tooLong = (tookMs: number, maxCpuMs: number): LimitError =>
  new LimitError(
    `What is asked about stored events takes more than the ${Math.round(maxCpuMs)} ms of processor time that are left to the operation; ask for a shorter time or with a narrower filter, or raise PUSHGRAPH_MAX_CPU_MS`,
    { limit: 'PUSHGRAPH_MAX_CPU_MS', value: Math.ceil(tookMs), max: Math.round(maxCpuMs) },
  )
