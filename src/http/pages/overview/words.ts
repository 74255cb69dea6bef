/** How the page writes what answers have. */

export { spokenOf } from '../../../model/enums.ts'

export const departmentOf = (name: string | null): string => name || 'no department'

/** With commas at the thousands, whatever the browser speaks: the page is in English. */
export const countOf = (value: number): string => value.toLocaleString('en')

/** `+12` or `−3`, or `±0`. */
export const signedOf = (change: number): string =>
  change === 0 ? '±0' : `${change > 0 ? '+' : '−'}${countOf(Math.abs(change))}`

/** Of two numbers, in whole percent; as what is not nothing. */
export const percentOf = (part: number, whole: number): string => {
  if (whole === 0) return '0 %'
  const percent = (100 * part) / whole
  return percent > 0 && percent < 1 ? '< 1 %' : `${Math.round(percent)} %`
}

/** `30 Nov`, of a day or a moment, in UTC as days are counted. */
export const dayOf = (moment: string): string =>
  new Date(moment).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** `30 Nov, 05:12`, in the time of whoever looks. */
export const localTimeOf = (moment: string | null | undefined): string =>
  moment
    ? new Date(moment).toLocaleString('en-GB', {
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
      })
    : 'never'

/** How long ago, in the one unit that says enough. */
export const agoOf = (moment: string, now: number): string => {
  const seconds = Math.max(0, Math.round((now - Date.parse(moment)) / 1_000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h ago`
  return `${Math.floor(seconds / 86_400)} days ago`
}
