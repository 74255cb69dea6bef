/**
 * The caller's token, where the server asks for one. It is kept in the tab's session storage: a reload finds it again,
 * other tabs do not, and it goes with the tab. No address ever holds it.
 */
const KEY = 'pushgraph:token'

/** Undefined where none was given yet. */
export const currentToken = () => sessionStorage.getItem(KEY) ?? undefined

const listeners = new Set()

/** Calls back whenever it was given or forgotten, until what comes back is called. */
export const onTokenChange = listener => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const keep = token => {
  if (token === undefined) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, token)
  for (const listener of listeners) listener()
}

let asking

/** Why it is asked for, in words. */
const reasons = {
  absent: 'This server asks callers for a token. It is kept until this tab is closed.',
  refused: 'The server does not take this token, or not any longer. Which one instead?',
  given: 'A token was given, and is kept until this tab is closed. Which one instead?',
}

/** Asks for a token, but once for all who need one; false where none is given. `reason` as named above. */
export const askForToken = reason => {
  asking ??= ask(reason).finally(() => {
    asking = undefined
  })
  return asking
}

const ask = reason =>
  new Promise(resolve => {
    const { dialog, form, input } = createDialog(reason)
    form.addEventListener('submit', event => {
      event.preventDefault()
      const token = input.value.trim().replace(/^Bearer\s+/i, '')
      if (token === '') return
      keep(token)
      dialog.close('given')
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'given')
    })
    document.body.append(dialog)
    dialog.showModal()
  })

const createDialog = reason => {
  // The class brings GraphiQL's colours with it.
  const dialog = element('dialog', { className: 'graphiql-dialog token' })
  const form = element('form', {})
  const text = element('p', { id: 'token-reason', textContent: reasons[reason] })
  const input = element('input', { type: 'password', autocomplete: 'off', required: true })
  input.setAttribute('aria-label', 'Token')
  dialog.setAttribute('aria-labelledby', text.id)
  const buttons = element('div', {})
  const button = (textContent, onClick) => {
    const made = element('button', { type: 'button', textContent })
    made.addEventListener('click', onClick)
    return made
  }
  buttons.append(
    element('button', { textContent: 'Use this token' }),
    ...(currentToken() === undefined
      ? []
      : [
          button('Forget it', () => {
            keep(undefined)
            dialog.close()
          }),
        ]),
    button('Cancel', () => dialog.close()),
  )
  form.append(text, input, buttons)
  dialog.append(form)
  return { dialog, form, input }
}

const element = (name, members) => Object.assign(document.createElement(name), members)
