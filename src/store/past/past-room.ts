/** The rows of the past that all operations have in memory, which are beside those of the connectors as they are. */
import { LimitError } from '../../errors.ts'

export interface PastRoom {
  /** Room for one operation. */
  open(): PastShare
}

export interface PastShare {
  /** @throws {LimitError} where so many bytes more are too many */
  take(bytes: number): void
  /** The operation is over, and all that it took is free again. */
  end(): void
}

const MB = 1_048_576

export const createPastRoom = (maxBytes: number): PastRoom => {
  let taken = 0
  return {
    open: () => {
      let own = 0
      return {
        take: bytes => {
          if (taken + bytes > maxBytes)
            throw new LimitError(
              `What was known then takes more than the memory that rows of the past may have (${Math.floor(maxBytes / MB)} MB, PUSHGRAPH_MAX_MEMORY_MB), together with what others ask of it just now; ask for single objects or fewer moments, or later`,
              {
                limit: 'PUSHGRAPH_MAX_MEMORY_MB',
                value: Math.ceil((taken + bytes) / MB),
                max: Math.floor(maxBytes / MB),
              },
            )
          taken += bytes
          own += bytes
        },
        end: () => {
          taken -= own
          own = 0
        },
      }
    },
  }
}
