/**
 * A replica in a process of its own that stores events as they are sent, each again and again until it is acknowledged. It sends
 * ever more of them until its input ends.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { openSharedEvents } from '../../support/shared-events.ts'

const [, , url = '', name = '', sideBySide = '1'] = process.argv

const { events, close } = await openSharedEvents(url)

const send = async (id: string): Promise<void> => {
  for (;;)
    try {
      await events.append(eventOf(delivery({ id }), { receivedAt: Date.now() / 1_000 }))
      process.stdout.write(`${id}\n`)
      return
    } catch {
      await pause(20)
    }
}

let next = 0
let isOver = false
process.stdin.resume().once('end', () => {
  isOver = true
})
await Promise.all(
  Array.from({ length: Number(sideBySide) }, async () => {
    while (!isOver) await send(`${name}-${(next += 1)}`)
  }),
)
await close()
