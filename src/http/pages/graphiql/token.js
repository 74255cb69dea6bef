/* global document, sessionStorage */
/**
 * The caller's token, where the server asks for one. It is kept in the tab's session storage: a reload finds it again,
 * other tabs do not, and it goes with the tab. No address ever holds it.
 */
const KEY = 'pushgraph:token'

/** Undefined where none was given yet. */
export const currentToken = () => sessionStorage.getItem(KEY) ?? undefined

let asking

/** Asks for a token, but once for all who need one; false where none is given. `isRefused`: the one given before was. */
export const askForToken = isRefused => {
  asking ??= ask(isRefused).finally(() => {
    asking = undefined
  })
  return asking
}

const ask = isRefused =>
  new Promise(resolve => {
    const { dialog, form, input } = createDialog(isRefused)
    form.addEventListener('submit', event => {
      event.preventDefault()
      const token = input.value.trim().replace(/^Bearer\s+/i, '')
      if (token === '') return
      sessionStorage.setItem(KEY, token)
      dialog.close('given')
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'given')
    })
    document.body.append(dialog)
    dialog.showModal()
  })

const createDialog = isRefused => {
  const dialog = element('dialog', { className: 'token' })
  const form = element('form', {})
  const text = isRefused
    ? 'The server does not take this token, or not any longer. Which one instead?'
    : 'This server asks callers for a token. It is kept until this tab is closed.'
  const label = element('label', { textContent: text })
  const input = element('input', { type: 'password', autocomplete: 'off', required: true })
  input.setAttribute('aria-label', 'Token')
  const cancel = element('button', { type: 'button', textContent: 'Cancel' })
  cancel.addEventListener('click', () => dialog.close())
  form.append(label, input, element('button', { textContent: 'Use this token' }), cancel)
  dialog.append(form)
  return { dialog, form, input }
}

const element = (name, members) => Object.assign(document.createElement(name), members)
