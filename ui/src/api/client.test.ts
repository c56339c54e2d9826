import { afterEach, expect, test, vi } from 'vitest'
import { api, onSignedOut, realUrl, setCsrf, setWorld, url } from './client'
import { ApiError } from './error'

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetched = vi.fn(async (_address: string, _init: RequestInit) =>
    new Response(status === 204 ? null : JSON.stringify(body), { status, headers }),
  )
  vi.stubGlobal('fetch', fetched)
  return fetched
}

afterEach(() => {
  vi.unstubAllGlobals()
  setCsrf(null)
  setWorld(null)
  onSignedOut(() => {})
})

test('an address leaves out what was not asked for', () => {
  expect(url('/stations', { region: '220282', q: '', cursor: null, limit: 50 })).toBe(
    '/api/stations?region=220282&limit=50',
  )
  expect(url('/node')).toBe('/api/node')
})

test('another world has paths of its own, but not for what is the node\'s', () => {
  setWorld('flood-2026')
  expect(url('/stations', { limit: 5 })).toBe('/api/worlds/flood-2026/stations?limit=5')
  expect(url('/live')).toBe('/api/worlds/flood-2026/live')
  for (const path of ['/session', '/session/password', '/accounts/1/grants', '/node', '/trail', '/worlds/flood-2026']) {
    expect(url(path)).toBe(`/api${path}`)
  }
  expect(realUrl('/live')).toBe('/api/live')
})

test('a write carries the token and the key of the action, and gives back the sequence number', async () => {
  const fetched = answer(201, { id: 'x' }, { 'Fengsui-Seq': '42' })
  setCsrf('token')
  const written = await api.post<{ id: string }>('/stations', { code: '1' }, { key: 'same' })
  expect(written).toEqual({ body: { id: 'x' }, seq: 42 })
  expect(fetched.mock.calls[0]![1].headers).toEqual({
    'Idempotency-Key': 'same',
    'X-CSRF-Token': 'token',
    'Content-Type': 'application/json',
  })
})

test('a problem document becomes an error with its code and its extra fields', async () => {
  answer(422, { code: 'bad-request', status: 422, detail: 'name is empty', field: 'name' })
  const error = await api.post('/stations').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ status: 422, code: 'bad-request', field: 'name', answered: true })
})

test('no answer at all is an error of its own', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('failed to fetch')
  })
  const error = await api.get('/node').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ status: 0, code: 'unreachable', answered: false })
})

test('only a lost session signs out; a refused sign-in does not', async () => {
  const lost = vi.fn()
  onSignedOut(lost)
  answer(401, { code: 'sign-in-refused', tries_left: 3 })
  await api.post('/session').catch(() => {})
  expect(lost).not.toHaveBeenCalled()
  answer(401, { code: 'not-signed-in' })
  await api.get('/stations').catch(() => {})
  expect(lost).toHaveBeenCalledOnce()
})

test('a list is read to its last page', async () => {
  const pages = [
    { items: [1, 2], next: 'b' },
    { items: [3], next: null },
  ]
  const asked: string[] = []
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address)
    return new Response(JSON.stringify(pages[asked.length - 1]))
  })
  expect(await api.all<number>('/stations')).toEqual([1, 2, 3])
  expect(asked).toEqual(['/api/stations?limit=200', '/api/stations?limit=200&cursor=b'])
})

test('a list that is longer than the caller said is refused, not shown in part', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ items: [1, 2], next: 'more' })))
  const error = await api.all('/warnings', {}, undefined, 5).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'list-too-long', answered: true })
  expect(await api.all('/warnings', {}, undefined, 4).catch((thrown: unknown) => thrown)).toMatchObject({ code: 'list-too-long' })
})
