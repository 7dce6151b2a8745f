// Pictures of the console while people ring: an agent in a call, the same on a telephone's screen in the dark, the
// supervisor's wall, the menus that callers hear, and the contact of that call.
import { join } from 'node:path'
import { launch } from './chromium.mjs'

const { PAGE, PASSWORD, FOLDER } = process.env
const browser = await launch()

async function open(email, { screen = '', ...options }) {
  const context = await browser.newContext({ locale: 'es-CO', deviceScaleFactor: 1.5, ...options })
  const page = await context.newPage()
  await page.goto(`${PAGE}${screen}`)
  await page.getByLabel('Correo electrónico').fill(email)
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await page.keyboard.press('Enter')
  return page
}
const take = (page, name) => page.screenshot({ path: join(FOLDER, `${name}.png`) })

const desk = await open('agente1@demo.local', { viewport: { width: 1360, height: 800 } })
const button = (name) => desk.getByRole('button', { name })
await desk.getByText('Teléfono listo').waitFor()
await button('Cambiar estado').click()
await desk.getByRole('menuitem', { name: 'Disponible' }).click()
await button('Contestar').click({ timeout: 180_000 })
await button('Poner en espera').waitFor()
await desk.getByLabel('Notas de la llamada').fill('Pregunta por la factura de agosto; le llegó dos veces.')
await desk.getByText('Guardado').waitFor()
await take(desk, 'console-desk')
const customer = await desk.getByRole('region', { name: 'Contacto' }).locator('p').first().innerText()
const wall = await open('supervisor@demo.local', { viewport: { width: 1360, height: 800 }, colorScheme: 'dark' })
await wall.getByRole('heading', { name: 'Tablero' }).waitFor()
await wall.waitForTimeout(2500)
await take(wall, 'console-wall')
const menus = await open('supervisor@demo.local', { viewport: { width: 1360, height: 1000 }, screen: '#menus' })
await menus.getByText('El guion funciona').waitFor()
await menus.getByRole('button', { name: 'Llamar' }).click()
await menus.getByRole('button', { name: 'Oprimir 2' }).click()
await menus.getByText('Oprime 2').waitFor()
await menus.evaluate('scrollTo(0, 0)')
await menus.screenshot({ path: join(FOLDER, 'console-menus.png'), fullPage: true })
await desk.emulateMedia({ colorScheme: 'dark' })
await desk.setViewportSize({ width: 400, height: 800 })
await take(desk, 'console-desk-narrow')
await button('Colgar').click()
await button('Terminar').click()
await wall.emulateMedia({ colorScheme: 'light' })
await wall.getByRole('link', { name: 'Contactos' }).click()
await wall.getByRole('searchbox').fill(customer.split(' ').at(-1))
await wall.getByRole('option', { name: customer }).click()
await wall.getByRole('button', { name: 'Editar' }).click()
await wall.getByLabel('Empresa', { exact: true }).fill('Textiles del Valle')
await wall.getByLabel('Agregar a Etiquetas').fill('facturación')
await wall.getByRole('button', { name: 'Guardar' }).click()
await wall.getByRole('button', { name: 'Editar' }).waitFor()
await wall.getByText('Pregunta por la factura').first().waitFor()
await take(wall, 'console-contacts')
await browser.close()
