/** Why the file of an export, or what is kept beside it, cannot be written. */
import { systemCode } from '../model/system/system-code.ts'

/** A sentence with the way out; undefined for what is no failure to write. */
export const writeFailure = (error: unknown): string | undefined => {
  const code = codeOf(error)
  if (code === undefined) return undefined
  return noRoom.has(code)
    ? `There is no room left for the file (${code}). Make some, then go on.`
    : `The file cannot be written (${code}).`
}

/** SQLite's words for what is wrong with a file or its folder. */
const sqliteWords: Readonly<Record<number, string>> = {
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
}

const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'])

/** The system's or SQLite's word for it. */
const codeOf = (error: unknown): string | undefined => {
  const code = systemCode(error)
  if (code === 'ERR_SQLITE_ERROR' && error instanceof Error && 'errcode' in error)
    return sqliteWords[Number(error.errcode) & 0xff]
  return code === undefined || code.startsWith('ERR_') ? undefined : code
}
