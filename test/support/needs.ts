import { needSteps } from '../../src/graphql/analysis/demand.ts'
import { toEnd } from '../../src/work/to-end.ts'

/** The needs of an operation, found in one go. */
export const needsOf = (...of: Parameters<typeof needSteps>) => toEnd(needSteps(...of))
