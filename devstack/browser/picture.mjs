// A picture of docs/examples/live.html as a supervisor and as an agent see it, side by side.
import { launch } from './chromium.mjs'

const { PAGE, PASSWORD, FILE } = process.env
const people = ['supervisor@demo.local', 'agente1@demo.local']
const browser = await launch()
const page = await browser.newPage({ viewport: { width: 1400, height: 680 }, deviceScaleFactor: 1.5 })
await page.goto(PAGE)
await page.setContent(`<style>body { margin: 0; display: grid; grid-template: 100vh / 2fr 1fr }
  iframe { border: 0; width: 100%; height: 100% }</style>
  ${people.map((email) => `<iframe name="${email}" src="${PAGE}"></iframe>`).join('')}`)
for (const email of people) {
  const frame = page.frame({ name: email })
  await frame.fill('[name=email]', email)
  await frame.fill('[name=password]', PASSWORD)
  await frame.click('button')
  await frame.waitForSelector('.chip.live', { timeout: 20_000 })
}
// Long enough for a queue's message, and short enough for the calls that go on.
await page.waitForTimeout(1500)
await page.screenshot({ path: FILE })
await browser.close()
