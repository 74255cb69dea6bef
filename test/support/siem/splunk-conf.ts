/** Configuration as Splunk writes it: stanzas of settings. */

/** @throws {Error} where a line is none */
export const readConf = (text: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const stanzas = new Map<string, Map<string, string>>()
  let current: Map<string, string> | undefined
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, stanza] = /^\[(.+)\]$/.exec(line) ?? []
    const [, name, value = ''] = /^([\w-]+) = (.*)$/.exec(line) ?? []
    if (stanza !== undefined) stanzas.set(stanza, (current = new Map()))
    else if (name !== undefined && current !== undefined) current.set(name, value)
    else throw new Error(`No line of a configuration of Splunk's: ${line}`)
  }
  return stanzas
}
