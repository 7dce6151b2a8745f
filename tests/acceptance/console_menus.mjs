// A supervisor writes what callers hear: is refused, saves, walks it, looks at what came of it, and goes back.
export default async function ({ open, tell, told, look, forgive }) {
  forgive(/400 .*(ivr_scripts|call_queues)/) // what is refused here is meant to be
  const page = await open('supervisor@demo.local', { screen: '#menus' })
  const button = (name) => page.getByRole('button', { name, exact: true })
  const shows = (text) => page.getByText(text).first().waitFor()
  const option = (digit) => page.getByRole('group', { name: `Opción ${digit}` })
  await shows('El guion funciona.')

  // An option that leads nowhere, and one whose key is taken.
  await page.getByLabel('Lo que se dice', { exact: true }).fill('Para Facturas marque 4.')
  await button('Agregar opción').click()
  await option('4').getByText('falta a dónde lleva').waitFor()
  await option('4').getByLabel('Tecla').selectOption('2')
  await option('2').last().getByText('la tecla 2 está dos veces en este menú').waitFor()
  await button('Menú main, Opción 2, Tecla: la tecla 2 está dos veces en este menú').waitFor()
  await look(page, 'a script with faults')
  await button('Guardar').click()
  await shows('No se guardó: vea lo que está señalado.')
  tell('refused')
  await told()

  await option('2').last().getByLabel('Tecla').selectOption('4')
  await option('4').getByLabel('O dice').fill('Facturas')
  // Whoever looks at another kind finds the queue again.
  await option('4').getByLabel('Cola').selectOption('support')
  await option('4').getByLabel('Lleva a').selectOption('otro menú')
  await option('4').getByLabel('Lleva a').selectOption('una cola')
  // By the keyboard, and whoever moves a row goes on moving it.
  await button('Subir Opción 4').focus()
  for (let times = 0; times < 4; times += 1) await page.keyboard.press('Enter')
  await page.locator('fieldset').first().getByLabel('O dice').and(page.locator('[value="Facturas"]')).waitFor()
  await page.keyboard.press('Enter') // from the top, down again
  await shows('El guion funciona.')
  const save = await held(page, 'PATCH', '**/ivr_scripts?*')
  await button('Guardar').click()
  // What is written while it is being saved is kept, and a submenu that nobody has saved is walked all the same.
  await button('Nuevo menú').click()
  save()
  await shows('El guion quedó guardado.')
  tell('saved')
  await told()

  await page.getByLabel('Lo que se dice', { exact: true }).fill('Marque 1 para Soporte.')
  await button('Agregar opción').click()
  await option('1').getByLabel('Cola').selectOption('support')
  await page.getByRole('navigation', { name: 'Recorrido' }).getByRole('button', { name: 'Menú main' }).click()
  await button('Agregar opción').click()
  await option('5').getByLabel('Lleva a').selectOption('otro menú')
  await option('5').getByLabel('Menú').selectOption('submenú')
  await button('Llamar').click()
  await shows('Bienvenido a nuestro centro de atención.')
  await button('Oprimir 9').click()
  await shows('No entendimos su respuesta.')
  await page.keyboard.press('5')
  await page.getByRole('listitem').getByText('Marque 1 para Soporte.').waitFor()
  await page.keyboard.press('1')
  await shows('Espera en la cola · support')
  await shows('Usted es el número 1 en la fila.')
  await look(page, 'a walk')
  await button('Descartar cambios').click()
  tell('walked')
  await told()

  await page.reload()
  await option('4').getByText('1 llamada').waitFor()
  tell('told')

  await button('Horarios').click()
  await page.getByRole('dialog').getByLabel('Cola').selectOption({ label: 'support' })
  await page.getByLabel('Abierta siempre').uncheck()
  await button('Agregar horario, Lunes').click()
  await page.getByLabel('Lunes, hasta').fill('07:00')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await shows('No se guardó: cada horario')
  await page.getByLabel('Lunes, hasta').fill('17:30')
  await look(page, 'hours')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await shows('El horario de support quedó guardado.')
  tell('hours')
  await page.keyboard.press('Escape')

  await button('Versiones').click()
  await shows('la actual')
  await look(page, 'versions')
  await button('Volver a esta').first().click()
  await shows('Se guardó de nuevo la versión')
  tell('restored')
}

/** Requests of a method wait on their way until what is returned is called. */
async function held(page, method, address) {
  const { promise, resolve } = Promise.withResolvers()
  await page.route(address, async (route) => {
    if (route.request().method() === method) await promise
    await route.continue()
  })
  return resolve
}
