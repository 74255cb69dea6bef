import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createFolderServers } from '../../../src/model/system/folder-servers.ts'
import { directoryForTest } from '../../support/directory.ts'

test('each server knows whether it is alone, as does who is none', () => {
  const folder = `${directoryForTest()}/data`
  const [one, two, command] = [1, 2, 3].map(() => createFolderServers(folder)) as [
    ReturnType<typeof createFolderServers>,
    ReturnType<typeof createFolderServers>,
    ReturnType<typeof createFolderServers>,
  ]
  expect(command.others()).toBe(false)
  expect(existsSync(folder)).toBe(false)
  one.begin()
  expect([one, two, command].map(each => each.others())).toEqual([false, true, true])
  two.begin()
  expect([one, two, command].map(each => each.others())).toEqual([true, true, true])
  one.end()
  expect([one, two, command].map(each => each.others())).toEqual([true, false, true])
  one.begin()
  two.end()
  expect([one, two, command].map(each => each.others())).toEqual([false, true, true])
  one.end()
  expect(command.others()).toBe(false)
})
