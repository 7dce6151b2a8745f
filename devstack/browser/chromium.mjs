// Chromium for scripts: `const browser = await launch()`, and playwright from there on. Its sandbox is
// off, for it refuses root; pages are only ever our own. Who asks for a microphone is given one that beeps.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = process.env.BROWSER
const { chromium } = createRequire(folder + '/')('playwright-core')

export const launch = () => chromium.launch({
  executablePath: join(folder, 'chromium'),
  chromiumSandbox: false,
  args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  env: {
    ...process.env,
    LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
    FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf'),
    XDG_DATA_HOME: folder,
    XDG_CACHE_HOME: folder,
  },
})
