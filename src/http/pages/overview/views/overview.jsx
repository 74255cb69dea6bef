/** What to look at first. */
import { LiveEvents } from '../tiles/activity-tiles.jsx'
import { UnapprovedApps } from '../tiles/apps-tiles.jsx'
import { DetectionsBySeverity, NewestDetections } from '../tiles/detections-tiles.jsx'
import { FindingsOverTime, Passwords } from '../tiles/findings-tiles.jsx'
import { NumbersTile } from '../tiles/numbers-tile.jsx'
import { AccountsWithoutMfa } from '../tiles/people-tiles.jsx'

export const OverviewView = ({ address }) => (
  <div className="tiles">
    <NumbersTile address={address} />
    <DetectionsBySeverity address={address} size="half" />
    <FindingsOverTime address={address} size="half" />
    <NewestDetections address={address} size="wide" />
    <LiveEvents address={address} />
    <AccountsWithoutMfa address={address} />
    <UnapprovedApps address={address} />
    <Passwords address={address} />
  </div>
)
