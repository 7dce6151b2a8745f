// A supervisor who takes calls, too, at a wall that fills the screen: comes to an agent who asks for help and takes
// over, ends the agent's wrap-up, a call and a turn of theirs; and is rung at the wall as any agent.
export default async function ({ open, hands, tell, told, look }) {
  const page = await open('supervisor@demo.local', { screen: '#wall' })
  const { button, press, shows, choose } = hands(page)
  const item = (name) => page.getByRole('menuitem', { name, exact: true })
  const row = (number) => page.getByRole('row').filter({ hasText: number })
  const bar = page.getByRole('region', { name: /^En la llamada de/ })
  const happened = async (what) => {
    tell(what)
    await told()
  }
  const open_menu = (of) => of.getByRole('button', { name: /^Qué hacer/ }).click()
  async function does(of, what) {
    await open_menu(of)
    await item(what).click()
  }
  async function is_heard(mode) {
    await bar.getByRole('button', { name: mode, exact: true, pressed: true }).waitFor()
    await happened(mode)
  }
  async function goes_on_at_the_desk() {
    await bar.getByRole('link', { name: 'Seguir en el escritorio' }).click()
    await press('Colgar')
    await press('Terminar')
    await page.getByRole('link', { name: 'Tablero' }).click()
  }

  const alarm = page.getByRole('alert').filter({ hasText: 'Andrés Gómez pide ayuda' })
  await alarm.getByText('Pide un descuento').waitFor()
  await page.getByLabel('Buscar agente').fill('andres')
  await button('Cambiar el estado de Valentina Ríos').waitFor({ state: 'detached' })
  await press('Pantalla completa')
  await page.getByRole('navigation').waitFor({ state: 'hidden' })
  await does(alarm, 'Susurrar')
  await alarm.waitFor({ state: 'detached' })
  await is_heard('Susurrar')
  await look(page, 'the wall on a whole screen, while somebody whispers')
  for (const mode of ['Intervenir', 'Escuchar']) {
    await bar.getByRole('button', { name: mode, exact: true }).click()
    await is_heard(mode)
  }
  await bar.getByRole('button', { name: 'Tomar la llamada' }).click()
  await bar.getByRole('link').waitFor()
  await happened('took over')

  await open_menu(row('+573105550044'))
  await item('Terminar la llamada').waitFor()
  if (await item('Escuchar').count()) throw new Error('who talks is to hear another call')
  await item('Terminar la llamada').click()
  await row('+573105550044').waitFor({ state: 'detached' })
  tell('ended')
  const state = 'Cambiar el estado de Andrés Gómez'
  await choose(state, 'Terminar su cierre')
  await happened('wrap-up ended')
  await choose(state, 'Fuera de turno')
  await happened('offline')
  await choose(state, 'Disponible')
  await happened('available')
  await page.evaluate('document.exitFullscreen()')
  await goes_on_at_the_desk()

  tell('next')
  const next = row('+573105550045')
  await next.getByText('en conversación').waitFor()
  await does(next, 'Intervenir')
  await is_heard('Intervenir')
  await does(next, 'Dejar de escuchar')
  await bar.waitFor({ state: 'detached' })
  await happened('left')
  await does(next, 'Tomar la llamada')
  await bar.getByRole('link').waitFor()
  await happened('took over')
  await goes_on_at_the_desk()

  await choose('Cambiar el estado de Camilo Restrepo', 'Disponible')
  tell('waits for a call')
  await shows('Llamada entrante')
  await look(page, 'a call rings at the wall')
  await press('Contestar')
  await press('Poner en espera')
  await press('Retomar')
  await happened('answered')
}
