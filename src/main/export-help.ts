/** What the options of `pushgraph export` do not say of themselves. */
import { partialOf, recordOf } from '../export/target.ts'

export const exportHelp = [
  '',
  'Without --ocsf, each object is written with the plain fields that it has in the graph. What has no time of',
  'creation (browser extensions) is in every export, whatever --since and --until say. events are the stored webhook',
  'events by the time that Push gives them, in the order of arrival, up to the newest when their turn comes.',
  '',
  `While it runs, the lines stand in ${partialOf('FILE')}, and ${recordOf('FILE')} keeps how far they go. FILE is there once`,
  'it is whole. An export that was broken off (killed, interrupted, Push dead, no room left) goes on without a gap or',
  'a repeat when the same command is run again.',
  '',
  'Connectors are read side by side, each at its own limit; of each of them the types come one after another. One that',
  'fails stops no other: it is named in the end, the exit code is 1, and the same command goes on with what is missing.',
  '',
  'Exit codes: 0 all is written; 1 it was broken off, with how far it came; 2 wrong options or settings.',
  '',
  'Examples:',
  '  pushgraph export --ocsf 1.8.0 --types findings,detections --since 7d --out findings.ndjson',
  "  pushgraph export --types apps --out - | jq -r 'select(.approvalStatus == null) | .name'",
  '',
].join('\n')
