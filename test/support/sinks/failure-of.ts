import { expect } from 'vitest'

/** Why it could not be sent: an error of that class. */
export const failureOf = async (
  sending: Promise<void>,
  of: abstract new (...args: never[]) => Error = Error,
): Promise<Error> => {
  const error: unknown = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(of)
  return error as Error
}
