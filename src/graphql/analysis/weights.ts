/**
 * What the parts of an operation cost here, in microseconds of processor time on one core of a small server with warm
 * rows, and how many bytes they have in an answer. Measured on the demo tenant through graphql-js; compiled documents
 * are quicker. Rather too little than too much: what an operation really costs is counted while it runs.
 */

/** What one thing costs, and its bytes. */
export interface Weight {
  readonly cost: number
  readonly bytes: number
}

/** A field that gives a list of Push's objects: planned, found and written, its rows apart. */
export const rootList: Weight = { cost: 20, bytes: 12 }
/** The list of one parent. */
export const childList: Weight = { cost: 6, bytes: 12 }
/** An object that another one names, or that is asked for by its id. */
export const object: Weight = { cost: 2, bytes: 4 }
/** A change: its checks, its record, and the rows that follow. */
export const mutation: Weight = { cost: 500, bytes: 4 }
/** An object on a page, without its fields. */
export const row: Weight = { cost: 0.5, bytes: 3 }
/** An object with its place: the cursor is made for each. */
export const edge: Weight = { cost: 1, bytes: 12 }

/** Each row that a filter is tried on, apart from its comparisons. */
export const FILTERED_ROW = 0.03
/** The same for each stored row that is read for it, which an index does not have. */
export const STORED_FILTERED_ROW = 0.25
/** The same where it asks of an object that the row is linked to. */
export const LINKED_ROW = 0.5
/** Stored rows that have the same address, id or other such value. */
export const FOUND_BY_VALUE = 1_000
/** Each row of which only the last ones are asked for: all are gone through. */
export const PASSED_ROW = 0.5
/** Each key of an order for each row. */
export const ORDERED_ROW = 1
/** Each dimension for each row that is grouped; values that differ from row to row take longer. */
export const GROUPED_ROW = 1
/** The same for each stored event: where it can, SQLite counts in the order of an index. */
export const GROUPED_EVENT = 0.2
/** The same by what no such index has: the row is read, and a group is made for each value in each stretch of rows. */
export const GROUPED_BY_VALUE = 0.6
/** The same by what each event has its own of. */
export const GROUPED_BY_ID = 2
/** Each stored event that is counted, or that passes a filter and is counted. */
export const COUNTED_EVENT = 0.06
/** A group in the answer. */
export const group: Weight = { cost: 2, bytes: 3 }

/** A question to the events that are stored here, which another thread answers; each of them is decoded. */
export const storedList: Weight = { cost: 200, bytes: 12 }
export const storedRow: Weight = { cost: 15, bytes: 3 }
/** Each row whose times a timeline sorts. */
export const TIMED_ROW = 3
/** A search looks at each value of all rows; the list of OCSF events sorts all of them. */
export const searchList: Weight = { cost: 5_000, bytes: 12 }
/** An event of OCSF with its place in time. */
export const ocsfRow: Weight = { cost: 40, bytes: 3 }
/** An object as an event of OCSF, without what is asked of it. */
export const ocsfObject: Weight = { cost: 5, bytes: 3 }

/** The schema as text: quoted for each answer, and as long as many others. */
export const sdl: Weight = { cost: 1_000, bytes: 280_000 }

/** Leaves by the names of their types. */
export const leaves: Readonly<Record<string, Weight>> = {
  Boolean: { cost: 0.3, bytes: 5 },
  Int: { cost: 0.3, bytes: 4 },
  Float: { cost: 0.3, bytes: 8 },
  Long: { cost: 0.3, bytes: 13 },
  DateTime: { cost: 0.8, bytes: 26 },
  JSON: { cost: 5, bytes: 250 },
}
export const otherLeaf: Weight = { cost: 0.4, bytes: 16 }

/** Leaves by their names, where those tell more than their types. */
export const namedLeaves: Readonly<Record<string, Weight>> = {
  // A whole event of OCSF.
  json: { cost: 35, bytes: 1_400 },
  // Of an object that can be changed: a hash of each field.
  revision: { cost: 30, bytes: 60 },
  // What came by webhook.
  payload: { cost: 8, bytes: 600 },
  raw_data: { cost: 8, bytes: 800 },
  cursor: { cost: 1, bytes: 60 },
  endCursor: { cost: 5, bytes: 60 },
  startCursor: { cost: 5, bytes: 60 },
  totalCount: { cost: 1, bytes: 5 },
  description: { cost: 0.3, bytes: 80 },
}

/** How many objects lists have that take no size, by their names: most of them in questions about the schema. */
export const listLengths: Readonly<Record<string, number>> = {
  types: 300,
  fields: 6,
  inputFields: 4,
  enumValues: 4,
  args: 2,
  possibleTypes: 4,
  interfaces: 1,
  directives: 10,
  locations: 2,
}
export const OTHER_LENGTH = 2
/** How often a type is a list of another one, or never null. */
export const SELDOM = 0.5

/** How many more children than the mean a parent has that others name: the app of an account is likely a large one. */
export const NAMED_BY_MANY = 4
/** Webhook events of one object. */
export const EVENTS_OF_ONE = 3
/** Stored events where nobody has counted them yet. */
export const STORED_ROWS = 10_000
