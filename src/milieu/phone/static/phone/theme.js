/* A plain script, run before anything is drawn: a dark corridor never sees a white page. */
;(() => {
  const theme = document.cookie.match(/(?:^|; )theme=(day|night|contrast)(?:;|$)/)?.[1]
  if (theme) document.documentElement.dataset.theme = theme
})()
indexedDB.databases?.()
