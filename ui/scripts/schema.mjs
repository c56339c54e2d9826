// Makes src/api/schema.d.ts and src/api/of-node.ts of the server's own description; with
// `--check` it only says whether the files are what that description gives now.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../docs/reference/openapi.json', import.meta.url)

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

/**
 * What is the node's own, as the first words of its paths: in another world these are
 * not found. A noun that is only partly the node's would need a finer list than this.
 */
function nounsOfNode({ paths }) {
  const nouns = new Map()
  for (const [path, operations] of Object.entries(paths)) {
    const noun = /^\/api\/([^/]+)/.exec(path)?.[1]
    if (noun === undefined) continue
    const kinds = nouns.get(noun) ?? new Set()
    for (const operation of Object.values(operations)) kinds.add(operation['x-of-node'] === true)
    nouns.set(noun, kinds)
  }
  return [...nouns].flatMap(([noun, kinds]) => {
    if (kinds.size > 1) throw new Error(`${noun} is partly the node's own and partly a world's`)
    return kinds.has(true) ? [noun] : []
  })
}

const description = JSON.parse(readFileSync(source, 'utf8'))
const head = '// Generated from docs/reference/openapi.json by `npm run api`; do not change it by hand.\n\n'
const nouns = nounsOfNode(description).sort().map((noun) => `'${noun}'`)
const files = {
  'schema.d.ts': head + astToString(await openapiTS(asTuples(description))),
  'of-node.ts': `${head}/** What a path below /api begins with when it is the node's own, in whatever world. */\nexport const OF_NODE: readonly string[] = [${nouns.join(', ')}]\n`,
}

for (const [name, text] of Object.entries(files)) {
  const target = fileURLToPath(new URL(`../src/api/${name}`, import.meta.url))
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text)
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error(`src/api/${name} is older than docs/reference/openapi.json: run \`npm run api\``)
    process.exitCode = 1
  }
}
