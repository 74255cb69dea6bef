/** Apps by what was decided of them and how they are used, and browser extensions. */
import { AppsByApproval, Extensions, SensitiveApps, UnapprovedApps } from '../tiles/apps-tiles.jsx'
import { AccountLoginMethods } from '../tiles/activity-tiles.jsx'
import { FindingsByApp } from '../tiles/findings-tiles.jsx'

export const AppsView = ({ address }) => (
  <div className="tiles">
    <UnapprovedApps address={address} />
    <SensitiveApps address={address} />
    <AppsByApproval address={address} />
    <FindingsByApp address={address} />
    <Extensions address={address} />
    <AccountLoginMethods address={address} />
  </div>
)
