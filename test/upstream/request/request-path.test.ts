import { expect, it } from 'vitest'
import { objectPath, pagePath } from '../../../src/upstream/request/request-path.ts'

it.each([
  { request: {}, path: '/accounts?limit=200' },
  {
    request: { nextToken: 'a+b/c=&d e' },
    path: '/accounts?limit=200&nextToken=a%2Bb%2Fc%3D%26d%20e',
  },
  { request: { offset: 0 }, path: '/accounts?limit=200&offset=0' },
  {
    request: { parameters: { email: 'ü@x.example', appType: 'A&B' } },
    path: '/accounts?limit=200&appType=A%26B&email=%C3%BC%40x.example',
  },
])('puts $request into one path', ({ request, path }) => {
  expect(pagePath('/accounts', 200, request)).toMatchObject({ path, template: '/accounts' })
})

it('asks the same question where as many rows are wanted as there are, however many Push gives', () => {
  const questions = [1_000, 200].map(limit => pagePath('/accounts', limit, {}).question)
  expect(questions).toEqual(['/accounts?', '/accounts?'])
  const some = pagePath('/accounts', 200, { limit: 200, offset: 199 })
  expect(some.question).toBe('/accounts?limit=200&offset=199')
})

it('gives equal requests equal paths, whatever the order of their parameters', () => {
  const one = pagePath('/accounts', 200, { parameters: { a: '1', b: '2' } })
  const other = pagePath('/accounts', 200, { parameters: { b: '2', a: '1' } })
  expect(one).toEqual(other)
})

it('asks for an object by any id, and shows none in the template', () => {
  expect(objectPath('/apps', 'a/b?c#d%/é')).toEqual({
    path: '/apps/a%2Fb%3Fc%23d%25%2F%C3%A9',
    template: '/apps/{id}',
  })
})

it.each(['', '.', '..', '\ud800'])(
  'asks nothing for an id whose path would mean another: %j',
  id => {
    expect(objectPath('/apps', id)).toBeUndefined()
  },
)
