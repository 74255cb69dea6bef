import { expect, test } from 'vitest'
import { sentenceWithoutPersons } from '../../../src/graphql/resolvers/timeline-text.ts'
import type { ObjectTimelineItem } from '../../../src/loaders/loaders.ts'
import type { ChangeRow } from '../../../src/model/row-changes.ts'
import type { Detection, DetectionEvent } from '../../../src/model/rows.ts'
import { graphForTest } from '../../support/graph.ts'

test('a sentence without persons looks into no event but its own', async () => {
  const { store, run } = await graphForTest({ scale: 0.02, switches: { listDetails: true } })
  expect((await run('{ detections(first: 1000) { totalCount } }')).errors).toEqual([])
  const rows = store.connector('default')?.table('detections').values() ?? []
  const known = [...rows].find(({ events }) => events !== null && events.length > 0) as Detection
  const [event] = known.events as readonly [DetectionEvent]
  const other = new Proxy(event, {
    get: () => {
      throw new Error('Another event was looked into')
    },
    ownKeys: () => {
      throw new Error('Another event was looked into')
    },
  })
  const row = { ...known, events: [other, event, other] }
  const of = { connector: 'default', collection: 'detections', row, at: 0 } as const
  const change: ChangeRow = {
    ...{ id: '1', collection: 'detections', objectId: row.id, kind: 'UPDATED', at: 0 },
    ...{ field: 'severity', old: 'LOW', new: 'HIGH', learntFrom: 'READ' },
  }
  const place = { keys: [0], sequence: 1 }
  const stored = { connector: 'default', at: 0, item: { connector: 'default', row: change, place } }
  const items: readonly ObjectTimelineItem[] = [
    { ...of, kind: 'DETECTION' },
    { ...of, kind: 'DETECTION_EVENT', detectionEvent: event },
    { ...stored, kind: 'CHANGE', object: of, isOwn: false },
  ]
  for (const item of items) expect(sentenceWithoutPersons(item)).toMatch(/\S\.$/)
})
