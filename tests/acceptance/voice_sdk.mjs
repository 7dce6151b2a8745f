// The telephone is Twilio's own Voice SDK. Its signalling is led to the simulator, which speaks the same messages but
// has no sound: what is at the other end of each line is a connection of a second page, whose description is added.
export default async function ({ openNobody, signIn, hands, tell, told }) {
  const { address, signalling } = await told()
  const page = await openNobody({ address })
  const exchange = await page.context().newPage()
  await exchange.goto(`${address}config.json`)
  await exchange.evaluate(otherEnds)
  await page.routeWebSocket(/^wss:\/\/[\w.-]+\.twilio\.com\/signal$/, (device) => connect(device, signalling, exchange))
  const answer = { status: 200, headers: { 'access-control-allow-origin': '*' }, contentType: 'audio/wav', body: silence() }
  await page.route(/^https:\/\/[\w.-]+\.twilio\.com\//, (route) => route.fulfill(answer))
  const { button, press, shows, choose } = hands(page)
  const happened = async (what) => {
    tell(what)
    await told()
  }
  const flows = () => exchange.waitForFunction('sound() > 0', null, { polling: 100 })

  await page.evaluate(refuseMicrophoneOnce)
  await signIn(page, 'agente1@demo.local')
  await shows('No hay micrófono')
  await press('Encender')
  await shows('Teléfono listo')
  await choose('Cambiar estado', 'Disponible')
  tell('available')
  await button('Contestar').waitFor()
  await page.keyboard.press('r')
  await button('Contestar').waitFor({ state: 'detached' })
  await happened('rejected')
  await press('Contestar')
  await button('Poner en espera').waitFor()
  await flows()
  await happened('answered')
  await press('Colgar')
  await shows('No hay llamadas')
  await happened('over')

  await page.getByLabel('Número').fill('3009990004')
  await press('Llamar')
  await page.getByRole('listitem').filter({ hasText: 'Cliente' }).getByText('en línea').waitFor()
  await flows()
  await happened('dialled')
  await shows('No hay llamadas')
}

/** As browsers do whose user has not allowed it. */
function refuseMicrophoneOnce() {
  const media = navigator.mediaDevices
  const ask = media.getUserMedia
  media.getUserMedia = () => {
    media.getUserMedia = ask
    return Promise.reject(new DOMException('', 'NotAllowedError'))
  }
}

/** A tenth of a second of it, as a WAV file. */
function silence() {
  const samples = 800
  const file = Buffer.alloc(44 + samples, 128)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + samples, 4)
  file.write('WAVEfmt ', 8)
  for (const [at, value] of [[16, 16], [24, 8000], [28, 8000]]) file.writeUInt32LE(value, at)
  for (const [at, value] of [[20, 1], [22, 1], [32, 1], [34, 8]]) file.writeUInt16LE(value, at)
  file.write('data', 36)
  file.writeUInt32LE(samples, 40)
  return file
}

/** One device's connection, both ways, until the pages are closed: whoever is rung afterwards has another telephone. */
function connect(device, signalling, exchange) {
  const simulator = new WebSocket(signalling)
  const early = []
  // One after the other, for describing a line takes time.
  let last = Promise.resolve()
  const after = (deed) => {
    last = last.then(() => exchange.isClosed() || deed()).catch((error) => {
      if (!exchange.isClosed()) throw error
    })
  }
  const ask = (what, ...given) => exchange.evaluate(([name, args]) => globalThis[name](...args), [what, given])

  device.onMessage((data) => after(async () => {
    const { type, payload } = JSON.parse(data)
    if (type === 'answer') await ask('take', payload.callsid, payload.sdp)
    if (type === 'invite') await ask('answer', payload.callsid, payload.sdp)
    if (simulator.readyState === WebSocket.OPEN) simulator.send(data)
    else early.push(data)
  }))
  simulator.onopen = () => early.splice(0).forEach((data) => simulator.send(data))
  simulator.onmessage = ({ data }) => after(async () => {
    const { type, payload } = JSON.parse(data)
    // Twilio has no captions, and describes the line once.
    if (type === 'caption') return
    if (type === 'invite') payload.sdp = await ask('offer', payload.callsid)
    if (type === 'answer' && payload.temporary) payload.sdp = await ask('described', payload.temporary)
    device.send(JSON.stringify({ type, payload }))
  })
  exchange.once('close', () => simulator.close())
  device.onClose(() => simulator.close())
  simulator.onclose = () => device.close().catch(() => {})
}

/** In the second page: the ends of lines, by the calls' SIDs, and how much was heard on the newest. */
function otherEnds() {
  const lines = new Map()
  let heard = 0

  function open(sid) {
    const line = new RTCPeerConnection()
    const tone = new AudioContext().createMediaStreamDestination().stream
    for (const track of tone.getTracks()) line.addTrack(track, tone)
    lines.set(sid, line)
    return line
  }
  async function described(line) {
    if (line.iceGatheringState !== 'complete')
      await new Promise((done) => line.addEventListener('icegatheringstatechange', () => line.iceGatheringState === 'complete' && done()))
    return line.localDescription.sdp
  }
  setInterval(async () => {
    const figures = [...(await [...lines.values()].at(-1)?.getStats() ?? []).values()]
    heard = figures.find(({ type }) => type === 'inbound-rtp')?.bytesReceived ?? 0
  }, 100)

  globalThis.sound = () => heard
  globalThis.offer = async (sid) => {
    const line = open(sid)
    await line.setLocalDescription(await line.createOffer())
    return described(line)
  }
  globalThis.take = (sid, sdp) => lines.get(sid).setRemoteDescription({ type: 'answer', sdp })
  globalThis.answer = async (sid, sdp) => {
    const line = open(sid)
    await line.setRemoteDescription({ type: 'offer', sdp })
    await line.setLocalDescription(await line.createAnswer())
  }
  globalThis.described = (sid) => described(lines.get(sid))
}
