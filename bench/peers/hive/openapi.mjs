// The part of Push's API that the reference questions need, as OpenAPI describes it.
const string = { type: 'string', nullable: true }
const object = names => ({
  type: 'object',
  properties: Object.fromEntries(names.map(name => [name, string])),
})
const of = name => ({ $ref: `#/components/schemas/${name}` })
const query = (name, type = 'string') => ({ name, in: 'query', schema: { type } })
const get = (operationId, parameters, answer) => ({
  get: {
    operationId,
    parameters,
    responses: { 200: { description: 'ok', content: { 'application/json': { schema: answer } } } },
  },
})
const list = (name, type, more = []) => [
  `/${name}`,
  get(name, [query('limit', 'integer'), ...more], of(`${type}Page`)),
]
const one = (path, name, type) => [
  `/${path}/{id}`,
  get(name, [{ ...query('id'), in: 'path', required: true }], of(type)),
]
const page = type => ({
  type: 'object',
  properties: { result: { type: 'array', items: of(type) } },
})

const types = {
  Employee: object(['id', 'email', 'firstName', 'department']),
  Account: object(['id', 'email', 'appType', 'appId', 'employeeId']),
  App: object(['id', 'type', 'approvalStatus']),
  Finding: object(['id', 'type', 'state', 'employeeId', 'accountId', 'appId']),
  DetectionEvent: object(['id', 'url', 'accountId']),
  Detection: {
    type: 'object',
    properties: {
      ...object(['id', 'response']).properties,
      events: { type: 'array', items: of('DetectionEvent') },
    },
  },
}

/** The OpenAPI document of the API at this address. */
export const describe = url => ({
  openapi: '3.0.3',
  info: { title: 'Push', version: '1' },
  servers: [{ url }],
  paths: Object.fromEntries([
    list('employees', 'Employee'),
    list('accounts', 'Account', [query('employeeId')]),
    list('findings', 'Finding'),
    list('detections', 'Detection', [query('creationTimestampAfter', 'integer')]),
    one('employees', 'employee', 'Employee'),
    one('accounts', 'account', 'Account'),
    one('apps', 'app', 'App'),
    one('detections', 'detection', 'Detection'),
  ]),
  components: {
    schemas: {
      ...types,
      ...Object.fromEntries(
        ['Employee', 'Account', 'Finding', 'Detection'].map(type => [`${type}Page`, page(type)]),
      ),
    },
  },
})
