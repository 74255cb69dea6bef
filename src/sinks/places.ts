/** Where places of sinks are kept, and who sends for one: of all processes and replicas, one at a time. */
import type { SinkRecord } from '../model/sinks/sink.ts'

export interface SinkClaims {
  /** What this process is called where places are kept. */
  readonly holder: string
  /**
   * Whether the sink is this process's to send for, for some seconds: it is nobody else's who is alive. To be asked again while
   * it sends. @throws {Error} where that cannot be said now
   */
  take(sink: string): Promise<boolean>
  /** It may be another's from now on. @throws {Error} where that cannot be said now */
  leave(sink: string): Promise<void>
}

export interface SinkPlaceKeeper {
  /** How far each sink has come. */
  sinkPlaces(): Promise<readonly SinkRecord[]>
  /**
   * Puts the record in the place of the one before, unless that is further or the sink is not `holder`'s; whether it did.
   * Resolves once it is on disk.
   */
  moveSink(record: SinkRecord, holder: string): Promise<boolean>
}

/** Where nobody else can send. */
export const alwaysOurs: SinkClaims = {
  holder: '',
  take: () => Promise.resolve(true),
  leave: () => Promise.resolve(),
}
