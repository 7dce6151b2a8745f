// An agent hears a message and calls back who left it, and who was missed, edits who that is, takes a callback that was
// asked for, promises another, and hears afterwards what was said in it.
const MISSED = '+573017770001'
const ASKED = '+573017770002'

export default async function ({ open, hands, tell, told, look, forgive }) {
  forgive(/status of 400/) // a moment that is past
  forgive(/ERR_FAILED|dynamically imported module/) // a file that can't be had
  const page = await open('agente1@demo.local')
  const { button, press, shows, gone, choose } = hands(page)
  const list = (name) => page.getByRole('region', { name })
  const customer = page.getByRole('list', { name: 'En la llamada' }).getByRole('listitem').filter({ hasText: 'Cliente' })
  const happened = async (what) => {
    tell(what)
    await told()
  }

  await button('Cambiar estado').waitFor()
  await page.route('**/assets/**', (route) => route.abort())
  await page.getByRole('link', { name: 'Contactos' }).click()
  await shows('Esta parte no se pudo mostrar')
  await page.unroute('**/assets/**')
  await press('Cargar de nuevo')
  await page.getByRole('searchbox').waitFor()
  await page.getByRole('link', { name: 'Escritorio' }).click()
  await shows('Teléfono listo')

  await list('Devoluciones pedidas').getByText(ASKED).waitFor()
  const messages = list('Mensajes de voz')
  await messages.getByText('nuevo').waitFor()
  await messages.getByText('Luz Mar').waitFor()
  await look(page, 'lists')
  const player = await plays(messages)
  await player.evaluate((audio) => new Promise((resolve) => {
    audio.addEventListener('seeked', resolve, { once: true })
    audio.currentTime = audio.duration - 1
  }))
  await messages.getByText('oído').waitFor()
  await happened('heard')

  await messages.getByRole('button', { name: 'Devolver la llamada' }).click()
  await customer.getByText('en línea').waitFor()
  const past = list('Contacto').getByRole('listitem')
  await plays(past.filter({ hasText: 'Mensaje de voz' }))
  if (await past.filter({ hasText: 'La primera vez' }).count()) throw new Error('all of the past at once')
  await press('Más antiguas')
  await past.filter({ hasText: 'La primera vez' }).waitFor()
  await button('Más antiguas').waitFor({ state: 'detached' })
  await happened('answered')
  await press('Colgar')

  await list('Llamadas perdidas').getByRole('button', { name: `Devolver la llamada: ${MISSED}` }).click()
  await customer.getByText('en línea').waitFor()
  await happened('called back')
  await press('Editar')
  await page.getByLabel('Nombre').fill('Nadie')
  await press('Cancelar')
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
  await shows('Cuando usted conteste, se llama al cliente')
  await list('Devoluciones pedidas').getByText('usted la atiende ahora').waitFor()
  await press('Contestar')
  await customer.getByText('en línea').waitFor()
  await happened('taken')
  await press('Colgar')
  await press('Programar devolución')
  await page.getByLabel('Cuándo devolver la llamada').fill('2020-01-01T09:30')
  await press('Guardar')
  const refusal = page.getByRole('status').filter({ hasText: 'Elija un momento en el futuro' })
  await refusal.waitFor()
  await look(page, 'promise')
  await refusal.getByRole('button', { name: 'Cerrar' }).click()
  await refusal.waitFor({ state: 'detached' })
  await page.getByLabel('Cuándo devolver la llamada').fill(await page.evaluate(tomorrow))
  await press('Guardar')
  await shows('Se devolverá la llamada')
  await gone('Elija un momento en el futuro')
  await press('Terminar')
  await list('Devoluciones pedidas').getByText(ASKED).waitFor()
  await button('Cambiar estado').waitFor()
  await happened('promised')

  await page.getByRole('link', { name: 'Contactos' }).click()
  await page.getByRole('searchbox').fill(ASKED)
  await page.getByRole('option').filter({ hasText: ASKED }).click()
  await plays(list('Contacto'))
  await page.getByRole('link', { name: 'Escritorio' }).click()
  await button('Cambiar estado').waitFor()
}

// Presses what plays the recording there; it is heard.
async function plays(where) {
  await where.getByRole('button', { name: 'Escuchar' }).click()
  const player = where.locator('audio')
  await player.page().waitForFunction((audio) => audio.currentTime > 0, await player.elementHandle())
  return player
}

// Runs in the page.
const tomorrow = () => `${new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10)}T09:30`
