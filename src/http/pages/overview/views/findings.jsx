/** Findings over time, by what they are, and the newest. */
import {
  FindingsByApp,
  FindingsByType,
  FindingsOverTime,
  NewestFindings,
  Passwords,
} from '../tiles/findings-tiles.jsx'

export const FindingsView = ({ address }) => (
  <div className="tiles">
    <FindingsOverTime address={address} size="half" />
    <FindingsOverTime address={address} by="states" size="half" />
    <FindingsByType address={address} />
    <FindingsByApp address={address} />
    <Passwords address={address} />
    <NewestFindings address={address} />
  </div>
)
