// An agent's day with what may go wrong in it: two tabs, of which each is the telephone for a while, a network that is
// lost, a page that is loaded anew, shortcuts that are in the way; and who sees which screen.
export default async function ({ open, openNobody, signIn, another, hands, tell, told, look, forgive }) {
  forgive(/ERR_INTERNET_DISCONNECTED/)
  const happened = async (what, more) => {
    tell(what, more)
    await told()
  }
  const page = await open('agente1@demo.local', { screen: '#wall' })
  const { button, press, shows, gone, choose } = hands(page)
  // Time runs fast here: a conversation that was lost is gone on with by itself for what is a second of ours, and is then
  // offered like any call.
  const comesBack = async (what) => {
    let talks = false
    const told = happened(what).then(() => { talks = true })
    while (!talks) await button('Contestar').click({ timeout: 500 }).catch(() => {})
    await told
  }
  const notes = page.getByLabel('Notas de la llamada')

  await shows('Teléfono listo')
  if (await page.getByRole('link', { name: 'Tablero' }).count()) throw new Error('an agent is shown the wall')
  await press('Apagar')
  await shows('Teléfono apagado')
  await press('Encender')
  await shows('Teléfono listo')
  await choose('Cambiar estado', 'En pausa', 'Almuerzo')
  await shows('Almuerzo')
  await choose('Cambiar estado', 'En pausa', 'Otro motivo…')
  await page.getByRole('textbox', { name: 'Motivo de la pausa' }).fill('Médico')
  await page.getByRole('dialog').getByRole('button', { name: 'En pausa' }).click()
  await shows('Médico')
  await press('Leer en voz alta')

  const second = await another(page)
  const tab = hands(second)
  await tab.shows('El teléfono está en otra ventana')
  for (const one of [page, second]) await one.evaluate(countRings)
  await choose('Cambiar estado', 'Disponible')
  tell('available')
  await button('Contestar').waitFor()
  await tab.shows('Suena en otro teléfono u otra ventana')
  const rings = await Promise.all([page, second].map((one) => one.evaluate('rings')))
  if (String(rings) !== '1,0') throw new Error(`rang in the two tabs: ${rings}`)
  await second.evaluate(listen)
  await tab.press('Usar aquí')
  await shows('El teléfono está en otra ventana')
  await tab.press('Contestar')
  await button('Poner en espera').waitFor()
  await second.waitForFunction('said.length')
  await happened('answered', { said: await second.evaluate('said') })
  await press('Usar aquí')
  await tab.shows('El teléfono está en otra ventana')
  await comesBack('taken back')
  await second.close()

  await choose('Después de esta llamada', 'En pausa', 'Reunión')
  await shows('Después: En pausa: Reunión')
  await happened('next')
  await press('Deshacer')
  await gone('Después: En pausa: Reunión')
  await button('Teclado').click({ trial: true })
  await page.keyboard.press('k')
  for (const key of '4#') await press(`Tecla ${key}`)
  await page.keyboard.press('Escape')
  await press('Otro resultado…')
  await page.getByRole('textbox', { name: 'Otro resultado' }).fill('Se muda')
  await press('Guardar resultado')
  await shows('Resultado: Se muda')

  await page.context().setOffline(true)
  await shows('Sin conexión')
  await notes.fill('Se fue la luz')
  await shows('No se pudo guardar')
  await look(page, 'offline')
  await page.context().setOffline(false)
  await gone('Sin conexión')
  await shows('Guardado')
  await notes.fill('Se fue la luz y volvió')
  await page.reload()
  await comesBack('loaded anew')
  await page.waitForFunction((field) => field.value.startsWith('Se fue la luz'), await notes.elementHandle())

  await press('Preferencias')
  await page.getByText('Atajos de teclado').click()
  await page.getByText('Timbre').click()
  await page.getByText('Oscuro').click()
  await look(page, 'preferences')
  await page.getByText('English').click()
  await page.keyboard.press('Escape')
  await button('Hold').waitFor()
  await page.keyboard.press('h')
  if (await page.locator('kbd').count()) throw new Error('shortcuts are shown that are off')
  await look(page, 'english')
  await press('Hold')
  await button('Resume').waitFor()
  await press('Hang up')
  await button('Change status').waitFor()

  const stranger = await openNobody()
  await signIn(stranger, 'nadie@demo.local')
  await hands(stranger).shows('Pida a la gerencia')
  await look(stranger, 'nobody')
  await hands(stranger).press('Salir')
  await stranger.getByLabel('Contraseña').waitFor()
  const supervisor = await open('supervisor@demo.local')
  await supervisor.getByRole('heading', { name: 'Tablero' }).waitFor()
  if (await supervisor.getByRole('link', { name: 'Escritorio' }).count()) throw new Error('a desk of nobody')
}

// Runs in the page.
function listen() {
  globalThis.said = []
  speechSynthesis.speak = ({ text, lang }) => said.push({ text, lang })
}

// Runs in the page.
function countRings() {
  globalThis.rings = 0
  const Audio = globalThis.AudioContext
  globalThis.AudioContext = class extends Audio {
    constructor() {
      super()
      globalThis.rings += 1
    }
  }
}
