// The console in Chromium, in the hands of an agent and of a supervisor, with the buttons that are there. Tells what it did as lines of JSON, and waits for a line where somebody else has to do something first.
import { createInterface } from 'node:readline'
import { launch } from '../../devstack/browser/chromium.mjs'
import { readFile } from 'node:fs/promises'

const { CONSOLE, PASSWORD, AXE } = process.env
const axe = await readFile(AXE, 'utf8')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const told = () => lines.next()
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }))
const faults = []

const browser = await launch()

async function open(email, screen = '') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'es-CO' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('console', (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`))
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${CONSOLE}${screen}`)
  await page.getByLabel('Correo electrónico').fill(email)
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await page.keyboard.press('Enter')
  return page
}

/** What axe finds on a page as it is: of the dark theme, only in its colours. */
async function look(page, name) {
  for (const [colorScheme, runOnly] of [['dark', ['color-contrast']], ['light', undefined]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const options = JSON.stringify({ resultTypes: ['violations'], runOnly })
    const { violations } = await page.evaluate(`${axe}; axe.run(${options})`)
    for (const { id, nodes } of violations) tell('axe', { screen: name, colorScheme, id, where: nodes.map((n) => n.html.slice(0, 200) + n.any.map((a) => a.message)) })
  }
}

const page = await open('agente1@demo.local')
let signalling
page.on('websocket', (socket) => { if (socket.url().endsWith('/signal')) signalling = socket })
const button = (name) => page.getByRole('button', { name })
const shows = (text) => page.getByText(text).first().waitFor()
process.on('uncaughtException', async (error) => {
  console.error(error, await page.locator('body').innerText())
  process.exit(1)
})

await shows('Teléfono listo')
await look(page, 'idle')
await button('Cambiar estado').click()
await page.getByRole('menuitem', { name: 'Disponible' }).click()
tell('available')

await button('Contestar').waitFor()
await look(page, 'offer')
await page.keyboard.press('a')
await button('Poner en espera').waitFor()
tell('answered')
await told()

await button('Poner en espera').click()
await button('Retomar').waitFor()
await button('Retomar').click()
await button('Silenciarme').click()
await button('Activar mi voz').click()
await button('Teclado').click()
await page.keyboard.press('5')
await page.keyboard.press('Escape')
await button('Pausar grabación').click()
await button('Seguir grabando').click()
await page.getByLabel('Notas de la llamada').fill('Pide factura de agosto')
await shows('Guardado')
await look(page, 'call')

await page.keyboard.press('Tab') // out of the notes, for letters are shortcuts again
await page.keyboard.press('t')
await page.getByLabel('A quién').fill('valen')
await page.getByRole('option', { name: 'Valentina Ríos' }).click()
await look(page, 'transfer')
await button('Consultar antes').click()
await button('Alternar').waitFor()
await button('Entregar la llamada').click()

const supervisor = open('supervisor@demo.local')
await shows('Falta el resultado')
await page.reload()
await shows('Falta el resultado')
if (await page.getByText('Llamada entrante').count()) faults.push('what was handed over is offered again')
await page.locator('textarea:enabled').waitFor()
const kept = await page.getByLabel('Notas de la llamada').inputValue()
await look(page, 'wrap-up')
await button('60 s más').click()
await button('Vendido').click()
await button('Terminar').click()
await shows('Disponible')
tell('over', { kept })

const wall = await supervisor
await wall.getByRole('button', { name: /^Qué hacer/ }).first().click()
await wall.getByRole('menuitem', { name: 'Escuchar' }).click()
await wall.getByRole('button', { name: 'Susurrar' }).click()
await look(wall, 'wall')
await wall.getByRole('button', { name: 'Dejar de escuchar' }).click()
await wall.getByRole('button', { name: 'Dejar de escuchar' }).waitFor({ state: 'detached' })
await wall.getByRole('button', { name: 'Cambiar el estado de Andrés Gómez' }).click()
await wall.getByRole('menuitem', { name: 'En pausa' }).click()
await shows('En pausa')
tell('supervised')

await page.setViewportSize({ width: 360, height: 740 })
const { scrollWidth } = await page.evaluate('({ scrollWidth: document.documentElement.scrollWidth })')
tell('narrow', { scrollWidth })

// As a browser does with a page that nobody sees, only more so: none of its clocks goes on.
await page.evaluate('for (let timer = 1; timer < 100_000; timer += 1) clearTimeout(timer)')
await page.waitForRequest('**/api/softphone/heartbeat')
tell('lives')

const other = await page.context().newPage()
await other.goto(CONSOLE)
await other.getByRole('button', { name: 'Salir' }).click()
await page.getByLabel('Contraseña').waitFor()
if (!signalling.isClosed()) await signalling.waitForEvent('close')
tell('silent')
await browser.close()
tell('faults', { faults })
process.exit(0)
