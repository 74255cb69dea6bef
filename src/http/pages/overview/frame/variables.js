/** The variables of a view's documents: the same for all its tiles, and made anew each hour, so that its range moves on. */
import { useEffect, useMemo, useState } from 'react'
import { variablesOf } from '../address.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const hourOf = () => Math.floor(Date.now() / HOUR_MS)

export const useVariables = address => {
  const [hour, setHour] = useState(hourOf)
  useEffect(() => {
    const timer = setInterval(() => setHour(hourOf()), MINUTE_MS)
    return () => clearInterval(timer)
  }, [])
  // To the minute, so that tiles which ask the same ask it once.
  return useMemo(
    () => variablesOf(address, Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS),
    [JSON.stringify(address), hour],
  )
}
