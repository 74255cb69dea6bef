/** Tiles of detections. */
import { Bars } from '../charts/bars.jsx'
import { Columns } from '../charts/columns.jsx'
import { detectionColumns, pageColumn, personColumn } from '../charts/known-columns.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { toBars, toColumns, toStacks } from '../series.ts'
import { spokenOf } from '../words.ts'

const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']

const colours = Object.fromEntries(order.map(each => [each, `s-${each.toLowerCase()}`]))

const nothingIn = ({ days }) => `Nothing was detected in ${days} days.`

export const DetectionsBySeverity = ({ address, size = 'wide' }) => (
  <Tile
    title="Detections by severity and day"
    document="OverviewDetectionsBySeverity"
    address={address}
    size={size}
  >
    {({ detections }) => {
      const drawn = toColumns(detections?.groups ?? [], { order })
      if (drawn.series.length === 0) return nothingIn(address)
      return <Columns label="Detections by day and severity" {...drawn} colours={colours} />
    }}
  </Tile>
)

export const DetectionsByType = ({ address }) => (
  <Tile title="Detections by type" document="OverviewDetectionsByType" address={address}>
    {({ detections }) => {
      const drawn = toColumns(detections?.types ?? [], { order })
      const rows = toStacks(drawn, spokenOf, severity => colours[severity] ?? 'c7')
      return <Bars rows={rows} nothing={nothingIn(address)} />
    }}
  </Tile>
)

export const DetectionResponses = ({ address }) => (
  <Tile title="What was done about them" document="OverviewDetectionsByType" address={address}>
    {({ detections }) => (
      <Bars
        rows={toBars(detections?.responses, response =>
          response === null ? 'No response told' : spokenOf(response),
        )}
        nothing={nothingIn(address)}
      />
    )}
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
    {({ detections }) => (
      <Rows
        label="Newest detections"
        rows={detections?.nodes}
        nothing={nothingIn(address)}
        columns={[
          ...detectionColumns,
          personColumn(address),
          pageColumn,
          { head: 'Archived', cell: ({ archived }) => (archived ? 'yes' : 'no') },
        ]}
      />
    )}
  </Tile>
)
