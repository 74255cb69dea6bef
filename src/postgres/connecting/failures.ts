/** Why the database did not do what it was asked: it cannot now, or never will as it is. */

/** The database cannot be used for now; what was asked may have been done all the same. Never holds a value or an address. */
export class DatabaseUnavailable extends Error {
  /** Whether that lasts until its operator does something about it. */
  readonly lasts: boolean

  constructor(message: string, cause?: unknown, lasts = false) {
    super(message, cause === undefined ? undefined : { cause })
    this.lasts = lasts
    this.name = 'DatabaseUnavailable'
    // Foreseen: where it came about helps nobody.
    Object.assign(this, { stack: undefined })
  }
}

/** The database cannot be used as it is; the message says what to do about it. */
export class DatabaseUnusable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DatabaseUnusable'
  }
}

/** Replicas that share a database have settings which they should have alike. */
export class SettingsDiffer extends Error {
  constructor(names: readonly string[]) {
    super(
      `Another replica that shares the database differs in ${names.join(', ')}: what one keeps or answers, another may delete or not have`,
    )
    this.name = 'SettingsDiffer'
    Object.assign(this, { stack: undefined })
  }
}
