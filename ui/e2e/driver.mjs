// The one driver of the browser stories: starts a demonstration, gives each person a
// browser of their own, and speaks of what they do and see.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const BINARY = process.env.FENGSUI ?? `${ROOT}target/debug/fengsui`
export const OUT = `${ROOT}ui/e2e/out`
export const PASSWORD = 'Fengsui-Demo-2026'
export const STATION = '0010820551'
/** Pictures that the manual shows, by the names under which the stories keep them. */
const MANUAL = `${ROOT}docs/manual`
export const PICTURES = new Set(
  readdirSync(MANUAL)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...readFileSync(`${MANUAL}/${name}`, 'utf8').matchAll(/\]\(pictures\/([a-z-]+)\.jpg\)/g)].map((match) => match[1])),
)
/** Pictures of the manual that have been on a screen in this run. */
export const taken = new Set()
/** How long a story waits for anything, ms: a machine that does much else stands still for some of it. */
const PATIENCE = 180_000

/** Pinned: Chrome removes its automatic fallback to software WebGL. */
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

/** Runs the demonstration without stations and colleagues; both come from the story. `origin` is its name among nodes. */
export async function startDemo(origin = 'demo') {
  const child = spawn(BINARY, ['demo', '--port', '0', '--sl651-port', '0', '--hands-off', '--silent', '--origin', origin], {
    // How full the machine is that runs the story is not what it is about.
    env: { ...process.env, FENGSUI_DISK_COUNTED_GIB: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const addresses = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the demonstration did not open: ${text}`)), 300_000)
    child.once('exit', (code) => reject(new Error(`the demonstration ended with ${code}: ${text}`)))
    child.stdout.on('data', (bytes) => {
      text += bytes
      const web = /http:\/\/[\d.]+:\d+/.exec(text)
      const sl651 = /SL 651-2014\s+([\d.]+:\d+)/.exec(text)
      if (web && sl651 && text.includes('Ctrl-C')) {
        clearTimeout(late)
        resolve({ web: web[0], sl651: sl651[1] })
      }
    })
  })
  return {
    ...addresses,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Ten minutes of reports, the last of them now, through the port as a station sends them. */
export function riverRises(demo, from, to) {
  const start = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 9 * 60_000).toISOString()
  const args = [
    'simulate', 'sl651', '--to', demo.sl651, '--station', STATION, '--base', String(from), '--crest', String(to),
    '--lead', '0', '--rise', '9', '--start', start, '--speed', '100000', '--period', '60', '--reports', '10',
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (bytes) => (text += bytes))
    child.once('exit', (code) => (code === 0 ? resolve(text) : reject(new Error(`simulate ended with ${code}`))))
  })
}

/** A station reports twice, heard or not; who is unknown or has another password is not answered. */
export function stranger(demo, code, password = '0000') {
  const args = ['simulate', 'sl651', '--to', demo.sl651, '--station', code, '--password', password, '--reports', '2', '--speed', '1000', '--answer', '300']
  const child = spawn(BINARY, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((resolve) => child.once('exit', resolve))
}

/** A mine's hosts leave their files in its folder for some minutes of their clock. */
export async function mineSends(mine, inbox, minutes) {
  const { code, text } = await shell(`'${BINARY}' simulate coal42 --mine ${mine} --folder '${inbox}' --start ${new Date(Date.now() - minutes * 60_000).toISOString()} --minutes ${minutes} --speed 0`)
  if (code !== 0) throw new Error(`simulate ended with ${code}: ${text}`)
}

/** Runs a line as whoever was given it would; answers what it said. */
export function shell(line) {
  const child = spawn('bash', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (bytes) => (text += bytes))
  child.stderr.on('data', (bytes) => (text += bytes))
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, text })))
}

export async function openBrowser() {
  mkdirSync(OUT, { recursive: true })
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
}

/** Somebody with a browser, signed in through the page. */
export async function person(browser, demo, account, { width = 1280, height = 720, tours = false } = {}) {
  const context = await browser.newContext({
    baseURL: demo.web, viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
  })
  context.setDefaultTimeout(PATIENCE)
  // The stories know their way; one of them takes the tour.
  if (!tours) await context.addInitScript((key) => localStorage.setItem(key, 'left'), `fengsui.tour.${account}`)
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    const text = message.text()
    // Software GL says so at length; what the server refused is told with its address below.
    if (message.type() === 'error' && !/ReadPixels|Failed to load resource/.test(text)) faults.push(text)
  })
  page.on('response', (response) => {
    // A page asks whether somebody is signed in, and whether a call was begun before.
    const asks =
      (response.status() === 401 && response.url().endsWith('/api/session')) ||
      (response.status() === 404 && response.url().includes('/api/intakes/'))
    if (response.status() >= 400 && !asks) faults.push(`${response.status()} ${response.url()}`)
  })
  await page.goto('/sign-in?motion=off')
  await page.locator('input[autocomplete="username"]').fill(account)
  await page.locator('input[type="password"]').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return {
    page,
    faults,
    go: (path) => page.goto(path.includes('?') ? `${path}&motion=off` : `${path}?motion=off`),
    /** Waits until a text is on the page. */
    sees: (text) => page.getByText(text).first().waitFor(),
    /** Waits until a text is on the page no more. */
    async misses(text) {
      const until = Date.now() + PATIENCE
      while ((await page.getByText(text).count()) > 0) {
        if (until < Date.now()) throw new Error(`it is still there: ${text}`)
        await page.waitForTimeout(100)
      }
    },
    button: (name) => page.getByRole('button', { name }).first(),
    async keep(name) {
      await page.screenshot({ path: `${OUT}/${name}.png` })
      if (!PICTURES.has(name)) return
      taken.add(name)
      if (process.env.MANUAL_PICTURES) await page.screenshot({ path: `${MANUAL}/pictures/${name}.jpg`, type: 'jpeg', quality: 72 })
    },
    close: () => context.close(),
  }
}

/** What the map really draws: a county under Changchun's seat, and pixels that differ. */
export async function mapIsDrawn(page) {
  await page.waitForFunction(() => window.__map?.loaded() && window.__map.areTilesLoaded(), null, { timeout: PATIENCE })
  return page.evaluate(() => {
    const map = window.__map
    const point = map.project([125.318, 43.884])
    const names = map.queryRenderedFeatures([point.x, point.y]).map((feature) => feature.properties.name)
    return names
  })
}

/** How much the luminance of a picture varies; a blank map has none. */
export async function variance(page, locator) {
  const bytes = await locator.screenshot()
  return page.evaluate(async (data) => {
    // The page's own policy lets it draw such a picture, not fetch it.
    const bitmap = new Image()
    bitmap.src = `data:image/png;base64,${data}`
    await bitmap.decode()
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, 0, 0)
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data
    let sum = 0
    let squares = 0
    const count = pixels.length / 4
    for (let at = 0; at < pixels.length; at += 4) {
      const light = 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2]
      sum += light
      squares += light * light
    }
    return squares / count - (sum / count) ** 2
  }, bytes.toString('base64'))
}
