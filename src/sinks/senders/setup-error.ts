/**
 * What was set up, here or there, does not fit: a token, a path, an index. Nothing is wrong with the items, which are sent
 * again until somebody has mended it.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    // Foreseen: where it came about helps nobody.
    Object.assign(this, { stack: undefined })
  }
}
