// An agent hears a message, calls back who was missed, edits who that is, takes a callback that was asked for, and
// promises another.
const MISSED = '+573017770001'
const ASKED = '+573017770002'

export default async function ({ open, hands, tell, told, look, forgive }) {
  forgive(/status of 400/) // a moment that is past
  const page = await open('agente1@demo.local')
  const { button, press, shows, choose } = hands(page)
  const list = (name) => page.getByRole('region', { name })
  const customer = page.getByRole('list', { name: 'En la llamada' }).getByRole('listitem').filter({ hasText: 'Cliente' })
  const happened = async (what) => {
    tell(what)
    await told()
  }

  await list('Devoluciones pedidas').getByText(ASKED).waitFor()
  const messages = list('Mensajes de voz')
  await messages.getByText('nuevo').waitFor()
  await look(page, 'lists')
  await messages.getByRole('button', { name: 'Escuchar' }).click()
  const player = messages.locator('audio')
  await page.waitForFunction((audio) => audio.currentTime > 0, await player.elementHandle())
  await player.evaluate((audio) => new Promise((resolve) => {
    audio.addEventListener('seeked', resolve, { once: true })
    audio.currentTime = audio.duration - 1
  }))
  await messages.getByText('oído').waitFor()
  await happened('heard')

  await list('Llamadas perdidas').getByRole('button', { name: `Devolver la llamada: ${MISSED}` }).click()
  await customer.getByText('en línea').waitFor()
  await happened('called back')
  await press('Editar')
  await page.getByLabel('Nombre').fill('Rosa')
  await page.getByLabel('Apellido').fill('Peña')
  await page.getByLabel('Correo').fill('rosa@ejemplo.co')
  await press('Guardar')
  await list('Contacto').getByText('Rosa Peña').waitFor()
  await press('Colgar')
  await list('Llamadas perdidas').getByText(MISSED).waitFor({ state: 'detached' })
  await happened('edited')

  await choose('Cambiar estado', 'Disponible')
  await press('Contestar')
  await customer.getByText('en línea').waitFor()
  await happened('taken')
  await press('Colgar')
  await press('Programar devolución')
  await page.getByLabel('Cuándo devolver la llamada').fill('2020-01-01T09:30')
  await press('Guardar')
  await shows('Elija un momento en el futuro')
  await look(page, 'promise')
  await page.getByLabel('Cuándo devolver la llamada').fill(await page.evaluate(tomorrow))
  await press('Guardar')
  await shows('Se devolverá la llamada')
  await press('Terminar')
  await list('Devoluciones pedidas').getByText(ASKED).waitFor()
  await button('Cambiar estado').waitFor()
}

// Runs in the page.
const tomorrow = () => `${new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10)}T09:30`
