// Writes NAME.gz beside every text asset of dist, for the server to send as it is.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const TEXT = /\.(html|js|mjs|css|svg|json|txt)$/
const root = fileURLToPath(new URL('../dist/', import.meta.url))

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else yield path
  }
}

let before = 0
let after = 0
for (const path of files(root)) {
  if (!TEXT.test(path)) continue
  const bytes = readFileSync(path)
  const packed = gzipSync(bytes, { level: 9 })
  writeFileSync(`${path}.gz`, packed)
  before += bytes.length
  after += packed.length
}
console.log(`compressed ${(before / 1024).toFixed(0)} KB of text to ${(after / 1024).toFixed(0)} KB`)

// The build empties dist; this file keeps the folder in the repository for a build without node.
writeFileSync(join(root, '.gitkeep'), '')
