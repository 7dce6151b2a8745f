// Unpacks the Chromium that the package ships into $TMPDIR: the program, the libraries that a machine
// without a desktop lacks, and a font.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(process.env.BROWSER + '/')
const { default: chromium, inflate } = require('@sparticuz/chromium')

await chromium.executablePath()
const packed = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin')
await inflate(join(packed, 'al2023.tar.br'))
