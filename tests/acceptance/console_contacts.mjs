// A supervisor finds, adds, changes, merges and removes contacts, takes in a file of which some rows are refused, and
// takes in once more what they exported; an agent may not remove any.
import { readFile } from 'node:fs/promises'

const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text, 'utf8') })

export default async function ({ open, tell, told, look, forgive }) {
  const page = await open('supervisor@demo.local', { screen: '#contacts' })
  const button = (name) => page.getByRole('button', { name, exact: true })
  const field = (name) => page.getByLabel(name, { exact: true })
  const shows = (text) => page.getByText(text).first().waitFor()
  const search = page.getByRole('searchbox')
  const found = (name) => page.getByRole('option', { name })

  // Found while typing, without accents, and opened by keyboard.
  await search.fill('peralta')
  await found('Íngrid Peralta').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await button('Unir con otro').waitFor()
  await shows('Le gusta que la llamen temprano')
  await look(page, 'contact')

  await button('Nuevo contacto').click()
  forgive(/400 .*crm_contacts/)
  await field('Número').fill('doce')
  await field('Nombre').fill('Ramiro')
  await button('Guardar').click()
  await shows('doce no es un número de teléfono')
  await look(page, 'refused contact')
  await field('Número').fill('302 555 7001')
  await field('Agregar a Otros números').fill('302 555 7002')
  await page.keyboard.press('Enter')
  await field('Agregar a Etiquetas').fill('vip')
  await page.keyboard.press('Enter')
  await page.getByLabel('Tipo').last().selectOption('customer')
  await field('No quiere que lo llamen').check()
  await button('Agregar campo').click()
  await field('Campo').fill('NIT')
  await field('Valor: NIT').fill('900123')
  await button('Guardar').click()
  await button('Editar').waitFor()
  tell('added')
  await told()

  await button('Editar').click()
  await field('Apellido').fill('Zuleta')
  await field('Agregar a Etiquetas').fill('norte') // no Enter: saved with the rest
  await button('Guardar').click()
  await shows('Ramiro Zuleta')
  tell('changed')
  await told()

  // The other one's name, of the two.
  await button('Unir con otro').click()
  const window = page.getByRole('dialog')
  await window.getByRole('searchbox').fill('ingrid')
  await window.getByRole('option', { name: 'Íngrid Peralta' }).click()
  await look(page, 'merge')
  await window.getByText('Íngrid', { exact: true }).click()
  await window.getByRole('button', { name: 'Unir', exact: true }).click()
  await shows('Íngrid Zuleta')
  await shows('Le gusta que la llamen temprano')
  tell('merged')
  await told()

  await button('Importar').click()
  const choose = async (given) => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'), page.getByRole('button', { name: /archivo$/ }).click(),
    ])
    await chooser.setFiles(given)
  }
  await choose(file('lista.csv', [
    'Teléfono;Nombre;Correo;Etiquetas;Zona;Notas',
    "'+57 302 555 7003;Úrsula;ursula@example.com;vip, norte;Sur;\"'=1+1\ndos líneas\"",
    '12;Nadie;;;;',
    '302 555 7001;;ramiro@example.com;;;',
    ';Sin número;;;;',
  ].join('\r\n')))
  await page.getByLabel('Zona').selectOption('custom')
  await look(page, 'import')
  await button('Importar').last().click()
  await shows('Importación terminada')
  await look(page, 'imported')
  const counts = await page.locator('dl dd').allInnerTexts()
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()])
    return readFile(await download.path(), 'utf8')
  }
  tell('imported', { counts, refused: await saved('Descargar los rechazados') })
  await told()

  const exported = await saved('Exportar')
  await choose(file('contactos.csv', exported))
  await shows(/contactos\.csv/)
  await button('Importar').last().click()
  await shows('Importación terminada')
  tell('exported', { exported, counts: await page.locator('dl dd').allInnerTexts() })

  await search.fill('ursula')
  await found('Úrsula').click()
  await button('Eliminar').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Eliminar' }).click()
  await shows('Se eliminó el contacto')
  await found('Úrsula').waitFor({ state: 'detached' })

  const agent = await open('agente1@demo.local', { screen: '#contacts', viewport: { width: 400, height: 800 } })
  await agent.getByRole('searchbox').fill('3025557002')
  await agent.getByRole('option', { name: 'Íngrid Zuleta' }).click()
  await agent.getByRole('button', { name: 'Editar' }).waitFor()
  tell('agent', {
    may: await agent.getByRole('main').getByRole('button').allInnerTexts(),
    width: await agent.evaluate('document.documentElement.scrollWidth'),
  })
}
