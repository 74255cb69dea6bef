/** What Push tells by webhook, as it happens and over time. */
import {
  EventsByObject,
  EventsOverTime,
  LiveEvents,
  LoginMethods,
  NewestEvents,
} from '../tiles/activity-tiles.jsx'

export const ActivityView = ({ address }) => (
  <div className="tiles">
    <EventsOverTime address={address} />
    <LoginMethods address={address} />
    <LiveEvents address={address} size="wide" />
    <EventsByObject address={address} />
    <NewestEvents address={address} />
  </div>
)
