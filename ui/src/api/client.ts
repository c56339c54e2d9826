import { ApiError, asApiError, errorFrom } from './error'
import { OF_NODE } from './of-node'
import { background } from './presence'
import { uuid } from './uuid'

/** A page of a list; `next` is the cursor of the following page. */
export interface Page<Item> {
  items: Item[]
  next: string | null
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface WriteOptions {
  /** The key of the user's action; the same key again is harmless. A new one by default. */
  key?: string
}

/** An answer to a write, with the sequence number of the last fact it recorded. */
export interface Written<Body> {
  body: Body
  seq: number | null
}

let csrf: string | null = null
let world: string | null = null
let signedOut: (error: ApiError) => void = () => {}

/** Called by the session store: the token for writes, or `null` when nobody is signed in. */
export function setCsrf(token: string | null): void {
  csrf = token
}

/** Called once at the start: the world that is spoken with, `null` for the real one. */
export function setWorld(name: string | null): void {
  world = name
}

/** Called once by the session store: what to do when the server no longer knows us. */
export function onSignedOut(handler: (error: ApiError) => void): void {
  signedOut = handler
}

/**
 * Where a path lies. Accounts and sessions are the node's own whatever the world, and
 * worlds are opened and closed from the real one.
 */
function below(path: string): string {
  const noun = path.split('/')[1] ?? ''
  return world === null || noun === 'worlds' || OF_NODE.includes(noun) ? `/api${path}` : `/api/worlds/${world}${path}`
}

/** `path` of the present world, with every non-empty part of `query`. */
export function url(path: string, query: Query = {}): string {
  return withQuery(below(path), query)
}

/** The same path of the real world, whatever the present one. */
export function realUrl(path: string, query: Query = {}): string {
  return withQuery(`/api${path}`, query)
}

function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value != null && value !== '')
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

async function send(method: string, address: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(address, { ...init, method, credentials: 'same-origin' })
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    throw asApiError(thrown)
  }
  if (response.ok) return response
  const error = await errorFrom(response)
  if (error.status === 401 && error.code === 'not-signed-in') signedOut(error)
  throw error
}

async function body<Body>(response: Response): Promise<Body> {
  if (response.status === 204) return undefined as Body
  return (await response.json()) as Body
}

const reading = (): Record<string, string> => ({ Accept: 'application/json', ...background() })

async function write<Body>(
  method: string,
  path: string,
  value: unknown,
  options: WriteOptions,
): Promise<Written<Body>> {
  const headers: Record<string, string> = { 'Idempotency-Key': options.key ?? uuid() }
  if (csrf) headers['X-CSRF-Token'] = csrf
  if (value !== undefined) headers['Content-Type'] = 'application/json'
  const response = await send(method, url(path), {
    headers,
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  })
  const seq = response.headers.get('Fengsui-Seq')
  return { body: await body<Body>(response), seq: seq === null ? null : Number(seq) }
}

/** A file that the server gave, under the name that it gave it. */
export interface Download {
  name: string
  bytes: Blob
}

/** The one door to the server. Paths are below `/api`; every failure is an `ApiError`. */
export const api = {
  async get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Body> {
    const init: RequestInit = { headers: reading() }
    if (signal) init.signal = signal
    return body<Body>(await send('GET', url(path, query), init))
  },

  /** The same of the real world, whatever the present one. */
  async real<Body>(path: string, query: Query = {}): Promise<Body> {
    return body<Body>(await send('GET', realUrl(path, query), { headers: reading() }))
  },

  /**
   * Every page of a list, one after the other; for lists that are short by nature, such
   * as what is open. What grows for ever is read by `usePages`.
   *
   * - `most`: how many there may be. Above it this fails, rather than ask on and on or
   *   show a part as if it were all.
   */
  async all<Item>(path: string, query: Query = {}, signal?: AbortSignal, most = 1_000): Promise<Item[]> {
    const items: Item[] = []
    let cursor: string | null = null
    do {
      const page: Page<Item> = await api.get(path, { limit: 200, ...query, cursor }, signal)
      items.push(...page.items)
      cursor = page.next
      if (items.length > most || (items.length === most && cursor !== null)) {
        throw new ApiError(422, 'list-too-long', { title: 'list too long', detail: `more than ${most} in ${path}` })
      }
    } while (cursor !== null)
    return items
  },

  /** A file to keep; `null` when there is none now. */
  async download(path: string, query: Query = {}): Promise<Download | null> {
    const response = await send('GET', url(path, query), { headers: background() })
    if (response.status === 204) return null
    const named = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')
    return { name: named?.[1] ?? 'download', bytes: await response.blob() }
  },

  /** Brings a file as it is. */
  async upload<Body>(path: string, bytes: Blob): Promise<Body> {
    const headers: Record<string, string> = { Accept: 'application/json', 'Content-Type': 'application/octet-stream' }
    if (csrf) headers['X-CSRF-Token'] = csrf
    return body<Body>(await send('POST', url(path), { headers, body: bytes }))
  },

  post<Body>(path: string, value: unknown = {}, options: WriteOptions = {}) {
    return write<Body>('POST', path, value, options)
  },

  put<Body>(path: string, value: unknown, options: WriteOptions = {}) {
    return write<Body>('PUT', path, value, options)
  },

  delete<Body = void>(path: string, options: WriteOptions = {}) {
    return write<Body>('DELETE', path, undefined, options)
  },
}
