import { findDemand } from '../../src/query/planning/demand.ts'
import type { AnyNeed, ReadFilter } from '../../src/query/planning/need.ts'
import type { Statistics } from '../../src/query/planning/statistics.ts'
import type { Demand } from '../../src/query/planning/step.ts'
import { toEnd } from '../../src/work/to-end.ts'
import { workInOneTurn } from './work.ts'

/** The demand of an operation, found in one turn. */
export const findDemandAtOnce = (
  needs: readonly AnyNeed[],
  known: Statistics,
  readFilter: ReadFilter,
): Demand => toEnd(findDemand(needs, known, readFilter, workInOneTurn()))
