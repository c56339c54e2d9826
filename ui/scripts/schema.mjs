// Makes src/api/schema.d.ts of the server's own description; with `--check` it only
// says whether the file is what that description gives now.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../docs/reference/openapi.json', import.meta.url)
const target = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url))

/**
 * Arrays of one fixed length become tuples. The generator does this itself only for
 * flat arrays, and repeats the whole tuple where its members are named one by one.
 */
function asTuples(node) {
  if (Array.isArray(node)) return node.map(asTuples)
  if (node === null || typeof node !== 'object') return node
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, asTuples(value)]))
  const { minItems, maxItems, items, prefixItems } = copy
  const fixed = prefixItems !== undefined || (minItems !== undefined && minItems === maxItems)
  if (!fixed || (items === undefined && prefixItems === undefined)) return copy
  delete copy.minItems
  delete copy.maxItems
  delete copy.items
  copy.prefixItems = prefixItems ?? Array.from({ length: minItems }, () => items)
  return copy
}

const description = asTuples(JSON.parse(readFileSync(source, 'utf8')))
const head = '// Generated from docs/reference/openapi.json by `npm run api`; do not change it by hand.\n\n'
const text = head + astToString(await openapiTS(description))

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/api/schema.d.ts is older than docs/reference/openapi.json: run `npm run api`')
    process.exit(1)
  }
} else {
  writeFileSync(target, text)
}
