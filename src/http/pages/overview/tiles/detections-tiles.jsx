/** Tiles of detections. */
import { Bars } from '../charts/bars.jsx'
import { Moment, Page, Person, Severity } from '../charts/cells.jsx'
import { Columns } from '../charts/columns.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { toColumns } from '../series.ts'
import { spokenOf } from '../words.ts'

const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']

const colours = Object.fromEntries(order.map(each => [each, `s-${each.toLowerCase()}`]))

export const DetectionsBySeverity = ({ address, size = 'wide' }) => (
  <Tile
    title="Detections by severity and day"
    document="OverviewDetectionsBySeverity"
    address={address}
    size={size}
  >
    {({ detections }) => {
      const drawn = toColumns(detections?.groups ?? [], { order })
      if (drawn.series.length === 0) return `Nothing was detected in ${address.days} days.`
      return <Columns label="Detections by day and severity" {...drawn} colours={colours} />
    }}
  </Tile>
)

export const DetectionsByType = ({ address }) => (
  <Tile title="Detections by type" document="OverviewDetectionsByType" address={address}>
    {({ detections }) => {
      const { columns, series } = toColumns(detections?.types ?? [], { order })
      if (columns.length === 0) return `Nothing was detected in ${address.days} days.`
      const rows = columns.map((type, place) => {
        const parts = series.map(({ name, counts }) => ({
          count: counts[place],
          colour: colours[name] ?? 'c7',
        }))
        return {
          name: spokenOf(type),
          count: parts.reduce((sum, each) => sum + each.count, 0),
          parts,
        }
      })
      return <Bars rows={rows.sort((a, b) => b.count - a.count)} />
    }}
  </Tile>
)

export const DetectionResponses = ({ address }) => (
  <Tile title="What was done about them" document="OverviewDetectionsByType" address={address}>
    {({ detections }) =>
      detections?.responses?.length > 0 ? (
        <Bars
          rows={detections.responses.map(({ keys, count }) => ({
            name: keys[0] === null ? 'No response told' : spokenOf(keys[0]),
            count,
          }))}
        />
      ) : (
        `Nothing was detected in ${address.days} days.`
      )
    }
  </Tile>
)

export const NewestDetections = ({ address, size = 'full' }) => (
  <Tile
    title="Newest detections"
    document="OverviewNewestDetections"
    address={address}
    size={size}
    note="Addresses are written so that nobody follows them by accident."
  >
    {({ detections }) =>
      detections?.nodes.length > 0 ? (
        <Rows
          label="Newest detections"
          rows={detections.nodes}
          columns={[
            { head: 'Detected', cell: ({ createdAt }) => <Moment at={createdAt} /> },
            { head: 'Severity', cell: ({ severityRaw }) => <Severity word={severityRaw} /> },
            { head: 'Type', cell: ({ detectionTypeRaw }) => spokenOf(detectionTypeRaw) },
            {
              head: 'Person',
              cell: ({ employee, connectorAlias }) => (
                <Person address={address} person={employee} connectorAlias={connectorAlias} />
              ),
            },
            { head: 'Page', cell: ({ events }) => <Page events={events} /> },
            { head: 'Archived', cell: ({ archived }) => (archived ? 'yes' : 'no') },
          ]}
        />
      ) : (
        `Nothing was detected in ${address.days} days.`
      )
    }
  </Tile>
)
