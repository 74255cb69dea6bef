/** Takes any observable as it was pasted: an address, an id, a name, also defanged. `/` leads there. */
import { useEffect, useRef, useState } from 'react'
import { goTo } from './place.js'

export const SearchField = ({ address }) => {
  const [text, setText] = useState(address.value ?? '')
  const field = useRef(null)
  useEffect(() => setText(address.value ?? ''), [address.value])
  useEffect(() => {
    const onKey = event => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return
      event.preventDefault()
      field.current?.focus()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const look = event => {
    event.preventDefault()
    const value = text.trim()
    if (value !== '') goTo({ ...address, view: 'search', id: undefined, of: undefined, value })
  }
  return (
    <search>
      <form onSubmit={look}>
        <input
          ref={field}
          type="search"
          value={text}
          onChange={event => setText(event.target.value)}
          placeholder="E-mail, IP, domain, URL, app or id, as pasted"
          aria-label="Search for any observable"
          aria-keyshortcuts="/"
        />
        <button type="submit">Search</button>
      </form>
    </search>
  )
}
