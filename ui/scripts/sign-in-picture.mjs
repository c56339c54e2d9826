// Draws the map of the sign-in page from fixtures/geo: src/trust/picture/lines.svg, and the
// shaded relief beside it. Both cover the same rectangle in Web Mercator, so they lie exactly
// on each other. Together at most 40 KB: the page must open on a slow line before anything else.
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'

const geo = (name) => new URL(`../../fixtures/geo/${name}`, import.meta.url)
const out = (name) => new URL(`../src/trust/picture/${name}`, import.meta.url)
const features = (name) => JSON.parse(readFileSync(geo(name), 'utf8')).features

// The rectangle of the relief images, degrees, and the width of the drawing.
const [WEST, SOUTH, EAST, NORTH] = [121, 40.5, 132, 46.75]
const WIDTH = 1270
const TOLERANCE = 0.9
const LIMIT = 40 * 1024

const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))
const scale = WIDTH / (((EAST - WEST) * Math.PI) / 180)
const HEIGHT = Math.round((mercator(NORTH) - mercator(SOUTH)) * scale)
const project = ([lon, lat]) => [
  (((lon - WEST) * Math.PI) / 180) * scale,
  (mercator(NORTH) - mercator(lat)) * scale,
]

/** Douglas-Peucker: drops vertices nearer than `TOLERANCE` px to the line without them. */
function simplify(points) {
  if (points.length < 3) return points
  const [a, b] = [points[0], points[points.length - 1]]
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.hypot(dx, dy)
  let far = 0
  let at = 0
  for (let index = 1; index < points.length - 1; index += 1) {
    const [px, py] = [points[index][0] - a[0], points[index][1] - a[1]]
    const distance = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length
    if (distance > far) [far, at] = [distance, index]
  }
  if (far <= TOLERANCE) return [a, b]
  return [...simplify(points.slice(0, at + 1)).slice(0, -1), ...simplify(points.slice(at))]
}

/** An SVG path of relative moves in tenths of a pixel, rounded without drift. */
function path(lines, close = '') {
  let text = ''
  for (const line of lines) {
    let [x, y] = line[0].map(Math.round)
    text += `M${x} ${y}l`
    const steps = []
    for (const point of line.slice(1)) {
      const [nx, ny] = point.map(Math.round)
      if (nx === x && ny === y) continue
      steps.push(`${nx - x} ${ny - y}`)
      ;[x, y] = [nx, ny]
    }
    text += steps.join(' ') + close
  }
  return text.replaceAll(' -', '-')
}

/** Edges of the counties by what they divide: `province` from outside, prefectures, counties. */
function borders(counties) {
  const edges = new Map()
  for (const county of counties) {
    const { type, coordinates } = county.geometry
    for (const ring of (type === 'Polygon' ? [coordinates] : coordinates).flat()) {
      for (let index = 1; index < ring.length; index += 1) {
        const ends = [ring[index - 1].join(), ring[index].join()]
        const key = [...ends].sort().join(' ')
        const edge = edges.get(key) ?? { ends, parents: [] }
        edge.parents.push(county.properties.parent)
        edges.set(key, edge)
      }
    }
  }
  const kinds = { province: [], prefecture: [], county: [] }
  for (const { ends, parents } of edges.values()) {
    if (parents.length === 1) kinds.province.push(ends)
    else kinds[parents[0] === parents[1] ? 'county' : 'prefecture'].push(ends)
  }
  return kinds
}

/** Joins edges into lines that end where three meet, so that neighbours share one line. */
function chains(edges, isNode) {
  const at = new Map()
  for (const edge of edges) for (const end of edge) at.set(end, [...(at.get(end) ?? []), edge])
  const used = new Set()
  const follow = (edge, from) => {
    const line = [from]
    let end = from
    while (edge && !used.has(edge)) {
      used.add(edge)
      end = edge[0] === end ? edge[1] : edge[0]
      line.push(end)
      if (isNode(end) || at.get(end).length !== 2) break
      edge = at.get(end).find((next) => !used.has(next))
    }
    return line
  }
  const lines = []
  for (const [point, here] of at) {
    if (isNode(point) || here.length !== 2) {
      for (const edge of here) if (!used.has(edge)) lines.push(follow(edge, point))
    }
  }
  for (const edge of edges) if (!used.has(edge)) lines.push(follow(edge, edge[0]))
  return lines.map((line) => simplify(line.map((text) => project(text.split(',').map(Number)))))
}

const kinds = borders(features('jilin_counties.geojson'))
const degree = new Map()
for (const ends of Object.values(kinds).flat()) {
  for (const end of ends) degree.set(end, (degree.get(end) ?? 0) + 1)
}
const isNode = (point) => degree.get(point) !== 2
const lines = (name) => path(chains(kinds[name], isNode).filter((line) => line.length > 1))

const outline = features('jilin_province.geojson').flatMap(({ geometry }) =>
  (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map((rings) => rings[0].map(project)),
)

/** Whether a point lies in the province, or so near its edge that it is a border river. */
function belongs([x, y]) {
  return outline.some((ring) => {
    let inside = false
    for (let i = 0, k = ring.length - 1; i < ring.length; k = i, i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[k]]
      if (Math.hypot(ax - x, ay - y) < 4) return true
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
    return inside
  })
}

/** The parts of a line that belong to the province: nothing is drawn outside it. */
function clipped(line) {
  const parts = [[]]
  for (const point of line) {
    if (belongs(point)) parts[parts.length - 1].push(point)
    else if (parts[parts.length - 1].length > 0) parts.push([])
  }
  return parts.filter((part) => part.length > 1).map(simplify)
}

const rivers = features('jilin_rivers_named.geojson').flatMap(({ geometry }) =>
  (geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates).flatMap((line) =>
    clipped(line.map(project)),
  ),
)
const lakes = features('jilin_lakes.geojson').flatMap(({ geometry }) =>
  (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map((rings) => {
    const ring = rings[0].map(project)
    const half = ring.length >> 1
    return [...simplify(ring.slice(0, half + 1)), ...simplify(ring.slice(half)).slice(1)]
  }),
)

const tokens = JSON.parse(readFileSync(new URL('../src/theme/tokens.json', import.meta.url), 'utf8'))
const colour = tokens.map.dark
const stroke = (id, d, paint, width) =>
  `<path d="${d}" fill="none" stroke="${paint}" stroke-width="${width}" stroke-linejoin="round"/>`
const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
  stroke('county', lines('county'), colour.county, 1),
  stroke('rivers', path(rivers), colour.river, 2.4),
  `<path d="${path(lakes, 'z')}" fill="${colour.lake}"/>`,
  stroke('prefecture', lines('prefecture'), colour.prefecture, 1.8),
  stroke('province', lines('province'), colour.province, 2.2),
  '</svg>\n',
].join('')

mkdirSync(out(''), { recursive: true })
writeFileSync(out('lines.svg'), svg)
copyFileSync(geo('jilin_relief_dark.webp'), out('relief.webp'))
const total = svg.length + statSync(out('relief.webp')).size
console.log(`lines ${svg.length} bytes, with relief ${total} of ${LIMIT}`)
if (total > LIMIT) process.exitCode = 1
