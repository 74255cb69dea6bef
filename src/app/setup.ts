/** What the parts of an app are made with. */
import type { Config } from '../config/config.ts'
import type { AppLog } from '../http/logging/log.ts'
import type { Clock } from '../model/clock.ts'
import type { UpstreamLog } from '../upstream/contract/events.ts'
import type { Turns } from '../work/turns.ts'

/** What is waited for before an app is there. */
export interface StartTerms {
  /** Resolves when the process is asked to stop: nothing is waited for at the start then. */
  readonly stopped?: Promise<unknown> | undefined
  /** Whether a shared database that is not there yet is waited for however long that takes; half a minute where absent. */
  readonly awaitsDatabase?: boolean | undefined
}

export interface Setup extends StartTerms {
  readonly config: Config
  readonly log: AppLog
  readonly clock: Clock
  /** Whoever has long work takes turns. */
  readonly turns: Turns
  readonly readAgain: (() => Config) | undefined
  /** Hears how to close each thing that is opened, should a later one fail. */
  readonly opens: (close: () => Promise<void> | void) => void
  readonly say: UpstreamLog
  /** Hears what fails where nobody waits for it; without an error, that it works again. */
  readonly onProblem: (message: string, error: unknown) => void
}
