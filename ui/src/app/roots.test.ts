import { expect, test } from 'vitest'
import { parse } from 'vue/compiler-sfc'

const files = import.meta.glob<string>('../**/*.vue', { query: '?raw', import: 'default', eager: true })

interface Node {
  type: number
  tag?: string
  props?: { name: string; arg?: { content?: string } }[]
  children?: Node[]
}
const ELEMENT = 1

const tree = (path: string): Node[] => (parse(files[path]!).descriptor.template?.ast?.children ?? []) as unknown as Node[]
const has = (node: Node, ...names: string[]): boolean => node.props?.some(({ name, arg }) => names.includes(name) || (name === 'bind' && names.includes(arg?.content ?? ''))) ?? false
/** What is drawn at the top; of `v-if` and its `v-else` one is. */
const roots = (path: string): number => tree(path).filter((node) => node.type === ELEMENT && !has(node, 'else', 'else-if')).length
const all = (nodes: Node[]): Node[] => nodes.flatMap((node) => [node, ...all(node.children ?? [])])

const nameOf = (path: string): string => path.split('/').pop()!.replace('.vue', '')
const withMany = Object.keys(files).filter((path) => roots(path) > 1).map(nameOf)

test('what is given a class has one root, which takes it', () => {
  expect(Object.keys(files).length).toBeGreaterThan(100)
  expect(withMany.length).toBeGreaterThan(0)
  const lost = Object.keys(files).flatMap((path) =>
    all(tree(path)).filter((node) => node.type === ELEMENT && withMany.includes(node.tag ?? '') && has(node, 'class', 'style')).map((node) => `${path}: ${node.tag}`),
  )
  expect(lost).toEqual([])
})
