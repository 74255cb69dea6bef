/** The sender of each kind of receiver. */
import type { Clock } from '../model/clock.ts'
import type { SinkReceiver } from '../model/sinks/receiver.ts'
import type { Sender } from './sender.ts'
import { createFileSender } from './senders/file.ts'
import { createHttpSender } from './senders/http.ts'
import { createSplunkSender } from './senders/splunk-hec.ts'
import { createSyslogSender } from './senders/syslog.ts'

type SenderMakers = {
  readonly [Kind in SinkReceiver['kind']]: (
    receiver: Extract<SinkReceiver, { readonly kind: Kind }>,
    terms: { readonly clock: Clock },
  ) => Sender
}

const makers: SenderMakers = {
  'splunk-hec': createSplunkSender,
  http: createHttpSender,
  syslog: createSyslogSender,
  file: createFileSender,
}

/** What hands items to that receiver; nothing is asked of it before there is something to send. */
export const openSender = (receiver: SinkReceiver, clock: Clock): Sender =>
  (makers[receiver.kind] as (of: SinkReceiver, terms: { readonly clock: Clock }) => Sender)(
    receiver,
    { clock },
  )
