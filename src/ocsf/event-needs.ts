/** What of an event its object alone, as a list gives it, does not tell, and what is to be read for that. */
import type { ClassName } from './fitting/facts.ts'
import type { ObjectName } from './fitting/projection.ts'
import { detection, readForDetection } from './projections/detection.ts'
import { finding, readForFinding } from './projections/finding.ts'

/** The object itself by its id, which has what lists leave out; the objects that it leads to; or both. */
export type EventNeed = 'details' | 'links' | 'both'

/** What is to be read, by the paths of the attributes that need it; `json` is one of them. */
export type NeedsByPath = ReadonlyMap<string, EventNeed>

interface ToRead {
  readonly details: readonly string[]
  readonly links: readonly string[]
}

const byPath = ({ details, links }: ToRead): NeedsByPath =>
  new Map([
    ['json', details.length === 0 ? 'links' : 'both'],
    ...links.map((path): [string, EventNeed] => [path, 'links']),
    ...details.map((path): [string, EventNeed] => [
      path,
      links.includes(path) ? 'both' : 'details',
    ]),
  ])

const ofFindings = byPath(readForFinding)
const ofDetections = byPath(readForDetection)

/** By the list that an object is of; the events of all others need nothing. */
export const eventNeeds: ReadonlyMap<ObjectName, NeedsByPath> = new Map([
  ['findings', ofFindings],
  ['detections', ofDetections],
])

/** The same by the class of their events. */
export const eventNeedsOfClass: ReadonlyMap<ClassName, NeedsByPath> = new Map([
  [finding.className, ofFindings],
  [detection.className, ofDetections],
])
