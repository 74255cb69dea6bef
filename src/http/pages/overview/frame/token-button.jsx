/** Where callers are asked who they are: whether a token was given, and a way to give one. */
import { useSyncExternalStore } from 'react'
import { askForToken, currentToken, onTokenChange } from '../../asking/token.js'
import { asksCallers } from '../given.js'

export const TokenButton = () => {
  const token = useSyncExternalStore(onTokenChange, currentToken)
  if (!asksCallers) return null
  return (
    <button
      type="button"
      onClick={() => void askForToken(token === undefined ? 'absent' : 'given')}
    >
      {token === undefined ? 'Token' : 'Token given'}
    </button>
  )
}
