// The console's wall in Chromium, measured: answers `start` and `end`, a line each, with what was seen since `start`,
// and how the page is after a garbage collection.
import { createInterface } from 'node:readline'
import { launch } from '../devstack/browser/chromium.mjs'

const { CONSOLE, PASSWORD, AGENTS } = process.env
const tell = (what) => console.log(JSON.stringify(what))
const browser = await launch()
const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'es-CO' })
const page = await context.newPage()
let messages = 0
page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
  if (payload.includes('wallboard')) messages++
}))
await page.goto(CONSOLE)
await page.locator('[name=email]').fill('supervisor@demo.local')
await page.locator('[name=password]').fill(PASSWORD)
await page.keyboard.press('Enter')
const agents = page.getByRole('region', { name: 'Agentes' })
await agents.getByRole('listitem').nth(3).waitFor({ timeout: 120_000 })
const shown = await agents.getByRole('listitem').count()

const cdp = await context.newCDPSession(page)
// Of the processor, so that what else this machine does counts as little as it can.
await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })

/** What the page counts from here on. A frame is due every 1/60 s. */
function watch() {
  const seen = window.seen = { frames: 0, dropped: 0, longest_gap_ms: 0, long_tasks: 0, longest_task_ms: 0 }
  if (window.watched) return
  window.watched = true
  let last = performance.now()
  const frame = (now) => {
    const gap = now - last
    last = now
    window.seen.frames++
    window.seen.dropped += Math.max(0, Math.round(gap * 60 / 1000) - 1)
    window.seen.longest_gap_ms = Math.max(window.seen.longest_gap_ms, gap)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      window.seen.long_tasks++
      window.seen.longest_task_ms = Math.max(window.seen.longest_task_ms, duration)
    }
  }).observe({ entryTypes: ['longtask'] })
  return seen
}

async function state() {
  const seen = await page.evaluate('window.seen')
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name) => metrics.find((metric) => metric.name === name).value
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  return { ...seen, messages, heap_mb: usedSize / 1e6, nodes: of('Nodes'), work_s: of('TaskDuration'), script_s: of('ScriptDuration'), layout_s: of('LayoutDuration') + of('RecalcStyleDuration') }
}

tell({ shown, agents: Number(AGENTS) })
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'start') {
    const before = await state()
    messages = 0
    await page.evaluate(watch)
    tell(before)
  } else tell(await state())
}
