/** Columns that several tables have. Where the rows themselves do not tell their connector, it is that of their object. */
import { spokenOf } from '../words.ts'
import { App, Moment, Page, Person, Severity, State } from './cells.jsx'

export const personColumn = (address, of) => ({
  head: 'Person',
  cell: ({ employee, connectorAlias = of?.connectorAlias }) => (
    <Person address={address} person={employee} connectorAlias={connectorAlias} />
  ),
})

export const appColumn = (address, of) => ({
  head: 'App',
  cell: ({ app, connectorAlias = of?.connectorAlias }) => (
    <App address={address} app={app} connectorAlias={connectorAlias} />
  ),
})

export const departmentColumn = {
  head: 'Department',
  cell: ({ employee }) => employee?.department ?? '–',
}

export const mfaColumn = {
  head: 'MFA',
  cell: ({ mfaRegistered }) =>
    mfaRegistered === null ? 'unknown' : mfaRegistered ? 'yes' : <b>no</b>,
}

export const lastUsedColumn = {
  head: 'Last used',
  cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} />,
}

export const findingColumns = [
  { head: 'Found', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { head: 'Type', cell: ({ typeRaw }) => spokenOf(typeRaw) },
  { head: 'State', cell: ({ state }) => <State word={state} /> },
]

export const detectionColumns = [
  { head: 'Detected', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { head: 'Severity', cell: ({ severityRaw }) => <Severity word={severityRaw} /> },
  { head: 'Type', cell: ({ detectionTypeRaw }) => spokenOf(detectionTypeRaw) },
]

export const pageColumn = { head: 'Page', cell: ({ events }) => <Page events={events} /> }
