/** The schema with mutations, and without them. */
import {
  buildASTSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  parse,
  validateSchema,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { resolversWithMutations } from '../../../src/graphql/resolvers/resolvers.ts'
import {
  createExecutableSchema,
  createNaming,
  loadSubgraph,
  loadTypeDefs,
  printSubgraph,
  printTypeDefs,
} from '../../../src/graphql/schema/schema.ts'
import { mutations } from '../../../src/writes/mutations.ts'
import { runCommand } from '../../support/terminal.ts'

const on = { mutations: true }
const schema = createExecutableSchema(resolversWithMutations, createNaming(), on)

const printed = async (...args: string[]) => {
  const off = await runCommand(['schema', ...args])
  const environment = { PUSHGRAPH_MUTATIONS: 'on' }
  return { off: off.output, on: (await runCommand(['schema', ...args], { environment })).output }
}

describe('the schema', () => {
  test('has no mutation and no revision where they are off, printed or not', async () => {
    const plain = await printed()
    expect(plain.off).toBe(printTypeDefs())
    expect(plain.off).not.toMatch(/type Mutation|Payload|revision|AccountLoginMethod/)
    expect(plain.on).toBe(printTypeDefs(loadTypeDefs(on)))
    const federated = await printed('--federation')
    expect(federated.off).not.toMatch(/type Mutation|Payload|revision/)
    expect(federated.on).toMatch(/type Mutation \{[^}]*updateDetection[^}]*@cost\(weight: 20\)/)
    expect(buildASTSchema(parse(plain.on)).getMutationType()).toBeDefined()
  })

  test('has each mutation that there is, and is valid', () => {
    expect(validateSchema(schema)).toEqual([])
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual(
      Object.keys(mutations).sort(),
    )
  })

  test('tells supergraphs which scope they need', () => {
    const text = printSubgraph(loadSubgraph({ naming: createNaming(), auth: true, ...on }))
    const payloads = [...text.matchAll(/^type (\w+Payload) (.*) \{$/gm)]
    expect(payloads).toHaveLength(5)
    for (const [, , directives] of payloads)
      expect(directives).toContain('@requiresScopes(scopes: [["write"]])')
  })

  test('describes each of them in sentences', () => {
    const own = Object.keys(schema.getTypeMap()).filter(name =>
      /^(Mutation|\w+(Payload|Input)|AccountLoginMethod)$/.test(name),
    )
    expect(own.length).toBeGreaterThan(10)
    const members = own.flatMap(name => {
      const type = schema.getType(name)
      const inner =
        isObjectType(type) || isInputObjectType(type)
          ? Object.values(type.getFields())
          : isEnumType(type)
            ? type.getValues()
            : []
      return [type, ...inner].map(of => of?.description ?? '')
    })
    expect(members.filter(text => !/^[A-Z`].*\.$/s.test(text))).toEqual([])
  })

  test('has them under the names of a prefix', () => {
    const push = createExecutableSchema(resolversWithMutations, createNaming('Push'), on)
    const field = push.getMutationType()?.getFields()['pushUpdateDetection']
    expect(String(field?.type)).toBe('PushUpdateDetectionPayload')
    expect(String(field?.args[0]?.type)).toBe('PushUpdateDetectionInput!')
  })
})
