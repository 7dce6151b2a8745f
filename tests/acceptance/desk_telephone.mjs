// An agent whose telephone stands on the desk: what rings there is shown and steered on the screen, by letters, too, and
// calls are placed from there.
const NUMBER = '300 999 0003'

export default async function ({ open, hands, tell, told, look }) {
  const page = await open('agente2@demo.local')
  const { button, press, shows, choose } = hands(page)
  const customer = page.getByRole('list', { name: 'En la llamada' }).getByRole('listitem').filter({ hasText: 'Cliente' })
  const happened = async (what) => {
    tell(what)
    await told()
  }
  // A button that waits for what was pressed before has no letter.
  const types = async (letter, name) => {
    await button(name).click({ trial: true })
    await page.keyboard.press(letter)
  }
  const call = async () => {
    await page.getByLabel('Número').fill(NUMBER)
    await press('Llamar')
  }

  await shows('Suena en +576015550178')
  await button('Ir al contenido').press('Enter')
  if (await page.evaluate('document.activeElement.id') !== 'content') throw new Error('the way to the content')
  await choose('Cambiar estado', 'Disponible')
  tell('available')
  await shows('Conteste en su teléfono +576015550178')
  if (await button('Contestar').count()) throw new Error('there is no telephone in this page')
  await happened('rings')
  await types('m', 'Silenciarme')
  await button('Activar mi voz').waitFor()
  await happened('muted')
  await types('m', 'Activar mi voz')
  await types('h', 'Poner en espera')
  await button('Retomar').waitFor()
  await happened('held')
  await types('h', 'Retomar')
  await press('Colgar')
  await types('f', 'Terminar')

  await call()
  await customer.getByText('en línea').waitFor()
  await happened('placed')
  await press('Colgar')
  await shows('No hay llamadas')
  await happened('slow')
  await call()
  await shows('Conteste en su teléfono +576015550178')
  await look(page, 'placing')
  await press('Colgar')
  await shows('No hay llamadas')
  await choose('Cambiar estado', 'Fuera de turno')
  await shows('Fuera de turno')
}
