/** An operation on the usual terms: ten requests, 25 seconds, one connector. */
import type { Clock } from '../../src/model/clock.ts'
import type { MaxAges } from '../../src/query/operation/answer-validity.ts'
import { createOperation, type Operation } from '../../src/query/operation/operation.ts'

export const operationForTest = (clock: Clock, freshness: MaxAges): Operation =>
  createOperation({
    id: 'test',
    clock,
    freshness,
    maxRequests: 10,
    maxWaitMs: 25_000,
  })
