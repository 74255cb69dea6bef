/** One event of OCSF is the same wherever it is told. */
import { expect, test } from 'vitest'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { defaultVersion, ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { exportingForTest, linesOf } from '../../support/exporting.ts'
import { graphForTest } from '../../support/graph.ts'
import { standInForTest } from '../../support/stand-in.ts'

type Event = Readonly<Record<string, unknown>>

/** Of an inventory without the moment of its reading, and the id that follows that. */
const timeless = (event: Event): Event => {
  const { time: _, metadata, ...rest } = event
  const { uid: __, ...about } = metadata as Event
  return { ...rest, metadata: about }
}

const sorted = (events: readonly Event[]): readonly string[] =>
  events.map(event => JSON.stringify(event)).sort()

// What is no inventory tells of others, too.
const ofOwnTime = collectionNames.filter(name => collections[name].ownTime !== null)
const cases = ocsfVersions.flatMap(version =>
  (version === defaultVersion ? collectionNames : ofOwnTime).map(name => [name, version] as const),
)

test.each(cases)(
  'the graph that knows nothing yet tells of %s what an export tells, in OCSF %s',
  async (name, version) => {
    const standIn = await standInForTest()
    const exporting = exportingForTest(standIn)
    const ended = await exporting.run('--ocsf', version, '--types', name)
    expect(ended).toMatchObject({ exitCode: 0 })
    const exported = linesOf(exporting.text())
    expect(exported).toHaveLength(standIn.data[name].length)

    const cold = await graphForTest({ over: [standIn] })
    const field = `ocsf(version: V${version.replaceAll('.', '_')}) { json }`
    const answer = await cold.run(`{ ${name}(first: 1000) { nodes { ${field} } } }`)
    expect(answer.errors).toEqual([])
    const nodes = answer.data[name].nodes as readonly { readonly ocsf: { readonly json: Event } }[]
    const told = nodes.map(({ ocsf }) => ocsf.json)
    const same = collections[name].ownTime === null ? timeless : (event: Event) => event
    expect(sorted(told.map(same))).toEqual(sorted(exported.map(same)))
  },
)
