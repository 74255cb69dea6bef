/**
 * A process of its own, whose heap can be swept at will: `node --expose-gc weighing-process.ts`. Prints what rows weigh,
 * as JSON.
 */
import { createTable, type Table } from '../../../src/store/table/table.ts'
import { createDecoders } from '../../../src/upstream/decode/decode.ts'
import { createInterner } from '../../../src/upstream/decode/interner.ts'
import { decodePage } from '../../../src/upstream/decode/page-answer.ts'

const PAGE = 200
const FILLER = 'x'.repeat(1_000)
const decoders = createDecoders(createInterner())

const heapBytes = (): number => {
  // Twice, since what the first round finalizes can be freed by the next.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const uuid = (kind: number, number: number): string =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`

/** Twelve accounts for each employee, as sent: every text in the page is one of its own. */
const pageText = (page: number, filler = ''): string =>
  JSON.stringify({
    result: Array.from({ length: PAGE }, (_, index) => {
      const number = page * PAGE + index
      const employee = Math.floor(number / 12)
      return {
        id: uuid(1, number),
        employeeId: uuid(2, employee),
        appType: `APPLICATION_${number % 300}`,
        appId: uuid(3, number % 300),
        email: `somebody.${employee}@department.example.com`,
        mfaRegistered: number % 3 === 0,
        mfaMethods: number % 3 === 0 ? ['APP_TOTP', 'WEBAUTHN'] : [],
        passwordId: null,
        loginMethods: { passwordLogin: true, lastPasswordLoginTimestamp: 1_700_000_000 + number },
        creationTimestamp: 1_690_000_000 + number,
        lastUsedTimestamp: 1_710_000_000 + number,
        filler,
      }
    }),
    paging: { moreResults: true, nextToken: `token ${page}` },
  })

/** Takes in a page as a scan does. */
const take = (table: Table<'accounts'>, text: string, at: number, rows = PAGE): void => {
  table.turnPage({ offset: at })
  for (const row of decodePage(JSON.parse(text), decoders.accounts).rows.slice(0, rows)) {
    table.put(row, at)
    table.place(row.id)
  }
}

const fill = (pages: number): Table<'accounts'> => {
  const table = createTable('accounts', 'epoch')
  for (let page = 0; page < pages; page += 1) take(table, pageText(page), 1_000 + page)
  table.sweep(1_000)
  return table
}

const index = (table: Table<'accounts'>): number =>
  table.by('employeeId', uuid(2, 1)).length + table.by('appId', uuid(3, 1)).length

/** Of each long page one row stays. */
const fillFromLongPages = (): Table<'accounts'> => {
  const table = createTable('accounts', 'epoch')
  for (let page = 0; page < 100; page += 1) take(table, pageText(page, FILLER), 1_000, 1)
  return table
}

const emptyTables = (): readonly Table[] =>
  Array.from({ length: 100 }, (_, number) => createTable('accounts', String(number)))

/** What a thing weighs that is made, and the thing. */
const weigh = <Thing>(make: () => Thing): readonly [bytes: number, thing: Thing] => {
  const before = heapBytes()
  const thing = make()
  return [heapBytes() - before, thing]
}

/** All that is weighed; the things live until the last of them has been. */
const weighAll = (pages: number): object => {
  const [rows, table] = weigh(() => fill(pages))
  const [indexes] = weigh(() => index(table))
  const [fewRows, few] = weigh(fillFromLongPages)
  const [tables, { length }] = weigh(emptyTables)
  return {
    row: rows / table.size,
    rowWithIndexes: (rows + indexes) / table.size,
    rowOfLongPage: fewRows / few.size,
    longPage: pageText(0, FILLER).length,
    emptyTable: tables / length,
  }
}

// What runs for the first time leaves code and shapes behind that no row is to be blamed for.
weighAll(20)
console.log(JSON.stringify(weighAll(100)))
