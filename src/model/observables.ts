/** The kinds of value that a search looks for, and how a field is compared with one. */

export const observableKinds = [
  'EMAIL_ADDRESS',
  'EMPLOYEE_ID',
  'ACCOUNT_ID',
  'APP_ID',
  'APP_NAME',
  'BROWSER_ID',
  'EXTENSION_ID',
  'FINDING_ID',
  'DETECTION_ID',
  'PASSWORD_ID',
  'DOMAIN',
  'URL',
  'IP_ADDRESS',
  'EVENT_ID',
] as const

export type ObservableKind = (typeof observableKinds)[number]

/**
 * How a search looks at a field, in the order in which it names the fields that it looks at. `first` and `last` are ids
 * that name the very object: Push may be asked for it directly, and what that finds settles the kind; or only reading
 * all of them tells. The others are compared with the value: `id` as it stands; `text` by its letters, upper and lower
 * case alike; `addressHost` and `urlHost` by the host name within; `url` and `ip` whatever way of writing they are in.
 */
export const looks = ['first', 'last', 'id', 'text', 'urlHost', 'url', 'ip', 'addressHost'] as const

export type Look = (typeof looks)[number]

/** How a field is compared with the value; one that names the object is, too, as it stands. */
export type Likeness = Exclude<Look, 'first' | 'last'>
