/** Where callers are asked who they are: gives the token, another one, or forgets it. */
import { useGraphiQLActions } from '@graphiql/react'
import { useSyncExternalStore } from 'react'
import { askForToken, currentToken, onTokenChange } from '../../asking/token.js'
import { asksCallers } from '../given.js'

export const TokenButton = () => {
  const hasToken = useSyncExternalStore(onTokenChange, () => currentToken() !== undefined)
  const { introspect } = useGraphiQLActions()
  if (!asksCallers) return null
  return (
    <button
      type="button"
      className="token-button"
      onClick={() => {
        void askForToken(hasToken ? 'given' : 'absent').then(isGiven => {
          // Whoever asks now may be let see another schema.
          if (isGiven) void introspect()
        })
      }}
    >
      {hasToken ? 'Token given' : 'Give a token'}
    </button>
  )
}
