/** By what all tiles of a view are narrowed. */
import { useAnswer } from '../asking/use-answer.js'
import { RANGES } from '../address.ts'
import { goTo } from './place.js'

export const Filters = ({ address }) => {
  const { data } = useAnswer('OverviewChoices', {})
  const connectors = data?.connectors.map(({ alias }) => alias) ?? []
  const departments = (data?.employees?.groups ?? [])
    .flatMap(({ keys }) => keys[0] ?? [])
    .sort((a, b) => a.localeCompare(b))
  const failing = data?.connectors.filter(({ status }) => status !== 'OK') ?? []
  const change = changed => goTo({ ...address, ...changed })
  return (
    <div className="filters" role="group" aria-label="Filters">
      <label>
        <span>Connector</span>
        <Choice
          value={address.connector}
          choices={connectors}
          all="All"
          onChange={connector => change({ connector })}
        />
      </label>
      <label>
        <span>Department</span>
        <Choice
          value={address.department}
          choices={departments}
          all="All"
          onChange={department => change({ department })}
        />
      </label>
      <label>
        <span>Range</span>
        <select
          value={address.days}
          onChange={event => change({ days: Number(event.target.value) })}
        >
          {RANGES.map(days => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </select>
      </label>
      {failing.map(({ alias, status, reason }) => (
        <p key={alias} className="notice" role="status">
          {alias} is {status.toLowerCase()}: {reason}
        </p>
      ))}
    </div>
  )
}

/** One of some words, or all; the one of the address is there before the others are known. */
const Choice = ({ value, choices, all, onChange }) => (
  <select value={value ?? ''} onChange={event => onChange(event.target.value || undefined)}>
    <option value="">{all}</option>
    {[...new Set([...(value === undefined ? [] : [value]), ...choices])].map(each => (
      <option key={each}>{each}</option>
    ))}
  </select>
)
