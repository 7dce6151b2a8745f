// Tabs of one browser with the page softphone_page.html in them, at the service's own origin. Reads a line with the
// page's files by name, then lines {tab, what, told}, does what they say, and prints one line of JSON for each.
import { createInterface } from 'node:readline'
import { launch } from '../../devstack/browser/chromium.mjs'

const { SERVICE } = process.env
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const files = JSON.parse((await lines.next()).value)
const browser = await launch()
// A page that Playwright answers with counts as one of the internet, which may not ask this machine.
const context = await browser.newContext({ permissions: ['local-network-access'] })
await context.route(`${SERVICE}/softphone/*`, (route) =>
  route.fulfill({ ...files[new URL(route.request().url()).pathname.split('/').at(-1) || 'index.html'] }))
const faults = []
const tabs = {}

const shows = async (tab, where, words) => {
  await tab.waitForFunction(([where, words]) => document.querySelector(where).textContent.includes(words), [where, words])
}

const doing = {
  open: async (_, name) => {
    const tab = tabs[name] = await context.newPage()
    tab.setDefaultTimeout(15_000)
    tab.on('pageerror', (error) => faults.push(String(error)))
    tab.on('dialog', (asks) => asks.accept())        // whether to leave a page that is in a call
    await tab.goto(`${SERVICE}/softphone/`)
  },
  signIn: async (tab, { email, password }) => {
    await tab.fill('[name=email]', email)
    await tab.fill('[name=password]', password)
    await tab.click('#sign-in button')
  },
  becomes: (tab, state) => shows(tab, '#state', state),
  click: (tab, what) => tab.click(what),
  fill: (tab, { field, value }) => tab.fill(field, value),
  hears: (tab, words) => shows(tab, '#captions', words),
  // Answers whatever rings until it is on the line: time runs fast here, and a ring may be over before the click.
  answers: async (tab) => {
    for (const until = Date.now() + 30_000; !await tab.isVisible('#hang-up');) {
      if (Date.now() > until) throw new Error('nothing to answer')
      await tab.click('#answer', { timeout: 200 }).catch(() => {})
    }
  },
  rings: (tab) => tab.isVisible('#answer'),
  reload: async (tab) => { await tab.reload() },
  faults: () => faults,
}
for await (const line of lines) {
  const { tab, what, told } = JSON.parse(line)
  try {
    console.log(JSON.stringify({ value: (await doing[what](tabs[tab], told)) ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ error: `${error} ${faults.join(' ')}` }))
  }
}
process.exit(0)
