/** What one object of each kind becomes in each version, for reading: golden/, held against the mapping by eye. */
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { ocsfVersions } from '../../src/ocsf/ocsf.ts'
import { project } from './objects.ts'
import { samples } from './samples.ts'

describe.each(collectionNames)('an object of %s', name => {
  test.each(ocsfVersions)('is what golden/ shows in %s', async version => {
    const event = project(name, samples[name], version, {
      tenant: 'emea',
      links: {
        account: samples.accounts,
        app: samples.apps,
        employee: samples.employees,
      },
    })
    const text = await format(JSON.stringify(event.json()), {
      parser: 'json',
      printWidth: 100,
      objectWrap: 'collapse',
    })
    await expect(text).toMatchFileSnapshot(
      fileURLToPath(new URL(`golden/${collections[name].type}-${version}.json`, import.meta.url)),
    )
  })
})
