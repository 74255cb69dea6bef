/** A process that notes changes for ever, and says how many are stored. */
import { openEvents } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { isNow } from '../../support/notices.ts'
import { openSharedEvents } from '../../support/shared-events.ts'
import { rowOf } from '../../support/rows.ts'

const [, , path = ''] = process.argv
const events = path.startsWith('postgres:')
  ? (await openSharedEvents(path)).events
  : await openEvents({ path, clock: systemClock, retentionDays: 36_500 })
for (let id = 0; ;) {
  for (const end = id + 25; id < end; id += 1) {
    const before = rowOf('accounts', { id: String(id), mfaRegistered: true })
    const after = rowOf('accounts', { id: String(id), mfaRegistered: false })
    const at = Date.now()
    events.note('default', isNow('accounts', before, at - 1))
    events.note('default', isNow('accounts', after, at))
  }
  await events.noted()
  console.log(id)
}
