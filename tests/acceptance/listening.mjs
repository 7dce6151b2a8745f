// A recording as the existing page offers it, in Chromium: a link that opens in a tab, with the session's cookie and
// nothing else, and a player that seeks. Prints what came of it as JSON, a line for each cookie.
import { launch } from '../../devstack/browser/chromium.mjs'

const { SERVICE, LINK } = process.env
const cookies = JSON.parse(process.env.COOKIES)

// Runs in the page.
async function play(link) {
  const audio = new Audio(link)
  const happens = (name) => new Promise((resolve, reject) => {
    audio.addEventListener(name, resolve, { once: true })
    audio.addEventListener('error', () => reject(new Error(audio.error.message)), { once: true })
  })
  audio.muted = true
  audio.preload = 'auto'
  await happens('loadedmetadata')
  const { duration } = audio
  audio.currentTime = duration - 2
  await happens('seeked')
  const sought = audio.currentTime
  await audio.play()
  await happens('ended')
  return { duration, sought, ended: audio.currentTime }
}

async function opens(browser, cookie) {
  const context = await browser.newContext()
  const [name, value] = cookie.split('=')
  if (value) await context.addCookies([{ name, value, url: SERVICE }])
  const page = await context.newPage()
  await page.goto(`${SERVICE}/healthz`)
  const asked = []
  page.on('response', (response) => asked.push(response.status()))
  const played = {}
  for (const format of ['mp3', 'wav']) {
    played[format] = await page.evaluate(play, `${LINK}.${format}`).catch((error) => `${error}`)
  }
  const tab = await context.newPage()
  const opened = await tab.goto(SERVICE + LINK)
  await context.close()
  return { played, asked, tab: opened.status() }
}

const browser = await launch()
for (const cookie of cookies) console.log(JSON.stringify(await opens(browser, cookie)))
process.exit(0)
