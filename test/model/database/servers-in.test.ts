import { expect, test } from 'vitest'
import { serversIn } from '../../../src/model/database/servers-in.ts'

test.each([
  ['postgres://me:hunter2@one:5432/name', ['postgres://me:hunter2@one:5432/name']],
  [
    'postgres://me:a@b@one:5432,two/name?sslmode=verify-full',
    [
      'postgres://me:a@b@one:5432/name?sslmode=verify-full',
      'postgres://me:a@b@two/name?sslmode=verify-full',
    ],
  ],
  ['postgresql://[::1]:1,[::2]/n', ['postgresql://[::1]:1/n', 'postgresql://[::2]/n']],
  ['postgres:///name?host=/var/run/postgresql,x', ['postgres:///name?host=/var/run/postgresql,x']],
  ['hunter2,hunter3', ['hunter2,hunter3']],
])('of %s', (address, servers) => {
  expect(serversIn(address)).toEqual(servers)
})
