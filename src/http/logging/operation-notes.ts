/** Where the parts that answer an operation note what its line in the log is to say. */
import type { AppLog } from './log.ts'

/** What the log will say of one operation, gathered while it runs. */
export interface OperationNotes {
  readonly log: Pick<AppLog, 'error'>
  operationName?: string | undefined
  /** The codes of its errors, each once; undefined where it had none. */
  codes?: Set<string>
}
