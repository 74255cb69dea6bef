/** The sender of each kind of receiver. */
import type { Clock } from '../model/clock.ts'
import type { SinkReceiver } from '../model/sinks/receiver.ts'
import { createFileSender } from './file-sender.ts'
import { SinkSetupError } from './failures.ts'
import type { Sender } from './sender.ts'

/** What hands items to that receiver; nothing is asked of it before there is something to send. */
export const openSender = (receiver: SinkReceiver, _clock: Clock): Sender => {
  if (receiver.kind === 'file') return createFileSender(receiver)
  throw new SinkSetupError(`There is no sender of the kind ${receiver.kind}`)
}
