/** Where the audit log goes. */
import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'

export type AuditPlace = 'log' | 'off' | { readonly file: string }

/** Whoever writes such a word means no file of that name. */
const isMeantAsWord =
  /^(on|yes|no|true|false|none|null|file|info|debug|std(out|err)|console|enabled?|disabled?|[01]|-)$/i

/** The variable that says so. */
export const auditPlace = z
  .string()
  .default('log')
  .transform((value, context): AuditPlace => {
    const word = value.toLowerCase()
    if (word === 'log' || word === 'off') return word
    if (!isMeantAsWord.test(value)) return { file: value }
    context.addIssue('must be log, off, or the path of a file such as ./audit.log')
    return z.NEVER
  })

/** The same, with the file's absolute path. */
export const auditPlaceIn = (audit: AuditPlace, directory: string): AuditPlace =>
  typeof audit === 'string' ? audit : { file: resolve(directory, audit.file) }

/** Why it cannot be used; a file that does not exist yet is fine where it can be made. */
export const auditFlaws = (audit: AuditPlace): readonly string[] => {
  if (typeof audit === 'string') return []
  const { file } = audit
  const known = statOf(file)
  const folder = dirname(file)
  if (known === undefined && statOf(folder)?.isDirectory() !== true)
    return ['PUSHGRAPH_AUDIT names a file in a folder that does not exist; make the folder first']
  if (known !== undefined && !known.isFile() && !known.isCharacterDevice())
    return ['PUSHGRAPH_AUDIT must be log, off, or the path of a file; what it names is no file']
  try {
    accessSync(known === undefined ? folder : file, constants.W_OK)
    return []
  } catch {
    return ['PUSHGRAPH_AUDIT names a file that cannot be written; let this user write it']
  }
}

/** Undefined where there is nothing, or nothing that can be seen. */
const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
