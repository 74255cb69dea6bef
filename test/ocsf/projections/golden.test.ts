/** What one object of each kind becomes in each version, for reading: golden/, held against the mapping by eye. */
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { collections } from '../../../src/model/collections.ts'
import { isStored, storedLists } from '../../../src/model/stored.ts'
import { type ObjectName, ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { objectNames, project } from '../../support/ocsf/objects.ts'
import { samples } from '../../support/ocsf/filled-objects.ts'

const typeOf = (name: ObjectName): string =>
  isStored(name) ? storedLists[name].type : collections[name].type

describe.each(objectNames)('an object of %s', name => {
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
      fileURLToPath(new URL(`golden/${typeOf(name)}-${version}.json`, import.meta.url)),
    )
  })
})
