/** The frame of a panel. */
import { useLayoutEffect, useRef } from 'react'

/** It begins at its top, however far the one that stood there before was scrolled. */
export const Panel = ({ title, className = 'panel', children }) => {
  const frame = useRef(null)
  useLayoutEffect(() => {
    frame.current.parentElement.scrollTop = 0
  }, [])
  return (
    <section ref={frame} className={className} aria-label={title}>
      {children}
    </section>
  )
}
