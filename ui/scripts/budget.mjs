// Holds what each page loads, after gzip, against its budget (design, section 5):
// the sign-in page 200 KB, any other page 900 KB, and fewer than 25 requests for either.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../dist/', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, '.vite/manifest.json'), 'utf8'))
const KB = 1024
const SIGN_IN = 200 * KB
const PAGE = 900 * KB
const REQUESTS = 25

const ENTRY = 'index.html'
const SHELL = 'src/app/Shell.vue'
const BARE = new Set(['src/trust/SignInPage.vue', 'src/trust/FirstStartPage.vue', 'src/app/NoAnswerPage.vue', 'src/respond/wall/WallEndedPage.vue'])

/** What travels for a file: its gzip twin where there is one. */
function travels(file) {
  const packed = join(root, `${file}.gz`)
  return statSync(existsSync(packed) ? packed : join(root, file)).size
}

/** Every file that a chunk needs before it runs, itself included. */
function needs(key, found = new Set()) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`the manifest has no ${key}: a page was renamed, mend this script`)
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const file of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) found.add(file)
  for (const other of chunk.imports ?? []) needs(other, found)
  return found
}

/** The file of words that each page needs, of one language: the heavier of the two. */
const weight = (key) => [...needs(key)].reduce((sum, file) => sum + travels(file), 0)
function words(name) {
  const keys = Object.keys(manifest).filter((key) => new RegExp(`^_${name}-(zh|en)-`).test(key))
  if (keys.length !== 2) throw new Error(`the manifest has ${keys.length} files of ${name}, expected one for each language`)
  return keys.reduce((one, other) => (weight(one) < weight(other) ? other : one))
}
const FIRST = words('first')
const WHOLE = words('words')

const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && key !== SHELL)
if (pages.length === 0) throw new Error('the manifest has no pages')
let failed = false
for (const page of pages.sort()) {
  const files = needs(page, needs(FIRST, needs(ENTRY)))
  if (!BARE.has(page)) needs(SHELL, needs(WHOLE, files))
  files.add('index.html')
  const size = [...files].reduce((sum, file) => sum + travels(file), 0)
  const limit = page === 'src/trust/SignInPage.vue' ? SIGN_IN : PAGE
  const bad = size > limit || files.size >= REQUESTS
  failed ||= bad
  const text = `${(size / KB).toFixed(0).padStart(4)} of ${limit / KB} KB, ${String(files.size).padStart(2)} requests`
  console.log(`${bad ? 'OVER' : 'ok  '} ${text}  ${page}`)
}
if (failed) process.exitCode = 1
