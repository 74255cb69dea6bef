/** What the parts of an app are made with. */
import type { Config } from '../config/config.ts'
import type { AppLog } from '../http/logging/log.ts'
import type { Clock } from '../model/clock.ts'
import type { UpstreamLog } from '../upstream/contract/events.ts'
import type { Turns } from '../work/turns.ts'

export interface Setup {
  readonly config: Config
  readonly log: AppLog
  readonly clock: Clock
  /** Whoever has long work takes turns. */
  readonly turns: Turns
  readonly readAgain: (() => Config) | undefined
  /** Resolves when the process is asked to stop: nothing is waited for at the start then. */
  readonly stopped?: Promise<unknown> | undefined
  /** Hears how to close each thing that is opened, should a later one fail. */
  readonly opens: (close: () => Promise<void> | void) => void
  readonly say: UpstreamLog
  /** Hears what fails where nobody waits for it; without an error, that it works again. */
  readonly onProblem: (message: string, error: unknown) => void
}
