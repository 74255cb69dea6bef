/** What we know of the events inside detections, as `collections.ts` has it of the lists. */
import {
  created,
  enumeration,
  type Field,
  flag,
  id,
  named,
  optionalId,
  required,
  type SearchRules,
  strings,
  text,
  word,
} from './collection.ts'
import type { DetectionEvent } from './rows.ts'

/** The fields of one event. */
export const detectionEventFields: { readonly [field in keyof DetectionEvent]: Field } = named({
  id: id(),
  createdAt: created,
  detectionEventType: word('', required),
  accountId: optionalId('', { shared: true }),
  appType: word(),
  phishingToolIndicator: word(),
  controlMode: enumeration('ControlMode'),
  description: text(),
  clonedLoginPageIndicator: word(),
  response: word(),
  email: text('', { shared: true }),
  url: text(),
  referrerUrl: text(),
  clonedLoginPageUrls: strings(),
  sourceIpAddress: text(),
  metadata: text(),
  experimental: flag(),
})

/** What a search looks at in them. */
export const detectionEventSearch: SearchRules<keyof DetectionEvent> = {
  DETECTION_ID: { last: ['id'] },
  ACCOUNT_ID: { id: ['accountId'] },
  EMAIL_ADDRESS: { text: ['email'] },
  // The company's own domain is in every address: what hangs on all of them would be everything.
  DOMAIN: {
    urlHost: ['url', 'referrerUrl', 'clonedLoginPageUrls'],
    addressHost: ['email'],
    follow: ['account'],
  },
  URL: { url: ['url', 'referrerUrl', 'clonedLoginPageUrls'], follow: ['account'] },
  IP_ADDRESS: { ip: ['sourceIpAddress'], follow: ['account'] },
}
