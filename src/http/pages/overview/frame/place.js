/** Where the page stands, as the address bar says. */
import { useSyncExternalStore } from 'react'
import { readAddress, writeAddress } from '../address.ts'

const follow = listener => {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

const hash = () => location.hash

/** The address as it is now; whoever calls it is drawn again when it changes. */
export const useAddress = () => readAddress(useSyncExternalStore(follow, hash))

export const goTo = address => {
  location.hash = writeAddress(address)
}

/** The address of an object's page, under the same filters. */
export const linkTo = (address, view, { id, connectorAlias }) =>
  writeAddress({ ...address, view, id, of: connectorAlias, value: undefined })
