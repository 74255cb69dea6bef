/** People, their accounts and passwords. */
import { AccountLoginMethods } from '../tiles/activity-tiles.jsx'
import { Passwords } from '../tiles/findings-tiles.jsx'
import {
  AccountsWithoutMfa,
  PeopleWithFindings,
  PeopleWithoutBrowser,
} from '../tiles/people-tiles.jsx'

export const PeopleView = ({ address }) => (
  <div className="tiles">
    <PeopleWithFindings address={address} />
    <AccountsWithoutMfa address={address} />
    <Passwords address={address} />
    <PeopleWithoutBrowser address={address} />
    <AccountLoginMethods address={address} />
  </div>
)
