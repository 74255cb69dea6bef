/** What webhooks promise: acknowledgements, questions about what is stored, and the live stream. */
import type { Section } from '../report/section.ts'
import { measureDeliveries } from './deliveries.ts'
import { measureMillion } from './million.ts'
import { measureSubscribers } from './subscribers.ts'

/** `seconds`: for how long 500 deliveries a second are sent. */
export const measureWebhooks = async (seconds = 60): Promise<Section> => {
  const deliveries = await measureDeliveries(seconds)
  const subscribers = await measureSubscribers()
  const million = await measureMillion()
  const parts = [deliveries, subscribers, million]
  return {
    title: 'Webhooks',
    method:
      'Signed deliveries from another process on the same machine, each acknowledged once it is on disk: 500 a second for\n' +
      `${seconds} s, then 5,000 at once; afterwards the events in the file are counted. Subscribers, in a process of\n` +
      'their own, half of them over WebSocket and half over server-sent events; each event passes the filter of one\n' +
      'document in twenty, and one more subscriber takes no answer at all. The lag is from sending the delivery to having\n' +
      'the answer. Questions go over HTTP to a server that has just started, each with another address and another week.',
    tables: parts.flatMap(({ tables }) => tables),
    charts: [],
    figures: {
      deliveries: deliveries.figures,
      subscribers: subscribers.figures,
      million: million.figures,
    },
    missed: parts.flatMap(({ missed }) => missed),
  }
}
