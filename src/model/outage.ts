/** A failure that is met again and again while it lasts: it is told when it begins, and when it is over. */

export interface Outage {
  /** Tells of the failure, unless one of its kind was told since it last worked. */
  failed(error: unknown): void
  /** Tells that it works again, where a failure was told. */
  worked(): void
}

export interface OutageWords {
  readonly failing: string
  /** Absent where others say so. */
  readonly over?: string
}

/** `tell` is called without an error where it is over. */
export const createOutage = (
  { failing, over }: OutageWords,
  tell: ((message: string, error: unknown) => void) | undefined,
): Outage => {
  const told = new Set<string>()
  return {
    failed: error => {
      const kind = kindOf(error)
      if (told.has(kind)) return
      told.add(kind)
      tell?.(failing, error)
    },
    worked: () => {
      if (told.size === 0) return
      told.clear()
      if (over !== undefined) tell?.(over, undefined)
    },
  }
}

const kindOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error ? String(error.code) : error.name
}
