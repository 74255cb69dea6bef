/** What the text says as JSON; undefined where it is none, as where a proxy answers. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
