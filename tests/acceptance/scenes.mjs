// Chromium for scenarios: reads lines {run: a module's path} and calls what each exports by default, one after the
// other, with what it needs:
//   open(email, options)  a page of the console in a context of its own, where this person is signed in; options are
//                         those of Playwright's newContext, `screen` ('#wall'), and `address` of another console. Who is
//                         to sign out signs in by signIn, for the session is that of all scenarios
//   openNobody(options)   the same before anybody signed in
//   signIn(page, email)   signs in there
//   another(page)         another tab of the same browser
//   hands(page)           {button, press, shows, gone, choose}: buttons by their whole names, texts that are there or not,
//                         and a choice of a menu by the button's name and its own
//   tell(what, more)      a line of JSON, for the test: {what, ...more}
//   told()                waits for what the test answers, a line of JSON
//   look(page, screen)    has axe look at a page as it is, in both themes, and sees that nothing stands out of its place
//   forgive(pattern)      what the browser complains of like this is meant to happen
// What pages complain of, and what axe finds, is told at the end.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { launch } from '../../devstack/browser/chromium.mjs'

const { CONSOLE, PASSWORD, AXE } = process.env
// Of a machine that does much else.
const PATIENCE = 60_000
const axe = await readFile(AXE, 'utf8')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const told = async () => JSON.parse((await lines.next()).value)
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }))
const browser = await launch()
// Who has signed in once need not do it in each scenario.
const sessions = {}

const hands = (page) => {
  const button = (name) => page.getByRole('button', { name, exact: true })
  return {
    button,
    press: (name) => button(name).click(),
    shows: (text) => page.getByText(text).first().waitFor(),
    gone: (text) => page.getByText(text).first().waitFor({ state: 'detached' }),
    choose: async (menu, ...choices) => {
      await button(menu).click()
      for (const choice of choices) await page.getByRole('menuitem', { name: choice }).click()
    },
  }
}

/** Runs in a page: the page, windows and cards, and what those stand in, of which something lies outside. */
function standingOut() {
  const cards = [...document.querySelectorAll('[role=dialog], section')]
  const holders = new Set([document.documentElement, ...cards, ...cards.map((card) => card.parentElement)])
  return [...holders]
    .filter((holder) => holder.scrollWidth > holder.clientWidth)
    .map((holder) => {
      const edge = holder.getBoundingClientRect().right
      const beyond = [...holder.querySelectorAll('*')].find((part) => part.getBoundingClientRect().right > edge + 0.5)
      const what = `${holder.tagName.toLowerCase()} ${holder.ariaLabel ?? ''} ${holder.innerText.slice(0, 40)}`
      return `${what}: ${holder.scrollWidth} of ${holder.clientWidth} px, ${beyond?.outerHTML.slice(0, 120)}`
    })
}

function scene() {
  const contexts = []
  const forgiven = []
  const found = { faults: [], axe: [] }
  const complain = (text) => forgiven.some((pattern) => pattern.test(text)) || found.faults.push(text)

  async function page(context) {
    const opened = await context.newPage()
    opened.on('console', (message) => message.type() === 'error' && complain(`${message.text()} ${message.location().url}`))
    opened.on('pageerror', (error) => complain(error.message))
    return opened
  }

  async function openNobody({ address = CONSOLE, screen = '', ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'es-CO', ...options })
    context.setDefaultTimeout(PATIENCE)
    contexts.push(context)
    const opened = await page(context)
    await opened.goto(`${address}${screen}`)
    return opened
  }

  async function signIn(opened, email) {
    await opened.locator('[name=email]').fill(email)
    await opened.locator('[name=password]').fill(PASSWORD)
    await opened.keyboard.press('Enter')
    await opened.locator('[name=password]').waitFor({ state: 'detached' })
  }

  async function open(email, options = {}) {
    if (sessions[email]) return openNobody({ ...options, storageState: sessions[email] })
    const opened = await openNobody(options)
    await signIn(opened, email)
    sessions[email] = await opened.context().storageState()
    return opened
  }

  /** As wide as it is and as wide as a phone; but for a whole screen, and while a menu is open, which another width
   * might close. */
  async function lookForWhatStandsOut(looked, screen) {
    const size = looked.viewportSize()
    const sees = async (width) => {
      for (const out of await looked.evaluate(standingOut)) complain(`${screen}, ${width} px wide: ${out}`)
    }
    await sees(size.width)
    if (await looked.evaluate(`document.fullscreenElement || document.querySelector('[role=menu]')`)) return
    await looked.setViewportSize({ ...size, width: 390 })
    await sees(390)
    await looked.setViewportSize(size)
  }

  /** Of the dark theme, only its colours. */
  async function look(looked, screen) {
    await lookForWhatStandsOut(looked, screen)
    for (const [colorScheme, runOnly] of [['dark', ['color-contrast']], ['light', undefined]]) {
      await looked.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const options = JSON.stringify({ resultTypes: ['violations'], runOnly, preload: false })
      if (!(await looked.evaluate('!!window.axe'))) await looked.evaluate(axe)
      const { violations } = await looked.evaluate(`axe.run(${options})`)
      for (const { id, nodes } of violations) {
        const where = nodes.map((node) => node.html.slice(0, 200) + node.any.map((why) => why.message))
        found.axe.push({ screen, colorScheme, id, where })
      }
    }
  }

  return {
    found,
    given: {
      open, openNobody, signIn, hands, tell, told, look,
      forgive: (pattern) => forgiven.push(pattern),
      another: async (opened) => {
        const tab = await page(opened.context())
        await tab.goto(CONSOLE)
        return tab
      },
    },
    close: () => Promise.all(contexts.map((context) => context.close())),
    shown: () => Promise.all(contexts.flatMap((context) => context.pages()).map((shown) => shown.locator('body').innerText())),
  }
}

async function run(path) {
  const { given, found, close, shown } = scene()
  try {
    await (await import(path)).default(given)
    await close()
    tell('end', found)
  } catch (error) {
    tell('failed', { error: error.stack ?? String(error), pages: await shown().catch(String), ...found })
  }
}

for (;;) {
  const line = await lines.next()
  if (line.done) break
  await run(JSON.parse(line.value).run)
}
await browser.close()
process.exit(0)
