/** What the system tells of a path, where something stands there. */

/**
 * What was asked for; undefined where nothing stands there, or where a folder was to be is a file.
 *
 * @throws the system's error of any other kind: what cannot be read now may well be there
 */
export const ifThere = async <Found>(asked: Promise<Found>): Promise<Found | undefined> => {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && 'code' in error && missing.has(error.code)) return undefined
    throw error
  }
}

const missing: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR'])
