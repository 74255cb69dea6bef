/** Detections by day, by what they are, and the newest. */
import {
  DetectionResponses,
  DetectionsBySeverity,
  DetectionsByType,
  NewestDetections,
} from '../tiles/detections-tiles.jsx'

export const DetectionsView = ({ address }) => (
  <div className="tiles">
    <DetectionsBySeverity address={address} size="half" />
    <DetectionsByType address={address} />
    <DetectionResponses address={address} />
    <NewestDetections address={address} />
  </div>
)
