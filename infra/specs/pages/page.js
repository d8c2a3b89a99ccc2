// Shows the specification that lies in the page itself: nothing is fetched, so the page also works from a folder.
const specification = JSON.parse(document.getElementById('specification').textContent)
const config = { show: { sidebar: false, info: false, servers: false, operations: true, messages: true, schemas: true, errors: false }, expand: { messageExamples: false } }
AsyncApiStandalone.render({ schema: specification, config }, document.getElementById('messages'))

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy)
    button.textContent = 'copied'
  })
}
