import { asApiError, type ApiError } from '@/api/error'
import type { Form, Intake, Saved } from './api'

/** How long after the last key the form is sent. */
export const QUIET_MS = 250
/** How long after a failure it is sent again. */
export const RETRY_MS = 3_000

export const EMPTY: Form = {
  caller: '',
  phone: '',
  place: '',
  region: null,
  point: null,
  hazard: null,
  what: '',
  dead: null,
  injured: null,
  trapped: null,
}

/** A form that has not reached the node yet, kept by this browser. */
export interface Kept {
  form: Form
  revision: number | null
}

/** Where unsent forms outlive a reload: `localStorage`, or a map in a test. */
export interface Keeper {
  read: (id: string) => Kept | null
  write: (id: string, kept: Kept) => void
  remove: (id: string) => void
  ids: () => string[]
}

/**
 * `saved`: the node has it. `sending`: typed, on its way. `offline`: only this browser
 * has it, and keeps trying. `refused`: the node said no, so trying again would not help.
 */
export type SaveState = 'new' | 'saved' | 'sending' | 'offline' | 'refused'

export interface Status {
  state: SaveState
  /** RFC 3339, of the last form that the node has. */
  savedAt: string | null
  error: ApiError | null
}

export interface Door {
  save: (id: string, form: Form, revision: number | null) => Promise<Saved>
  load: (id: string) => Promise<Intake>
}

const FIELDS = Object.keys(EMPTY) as (keyof Form)[]

/** Whether the node holds the same; it trims texts. */
export function same(a: Form, b: Form): boolean {
  const plain = (value: Form[keyof Form]): string => JSON.stringify(typeof value === 'string' ? value.trim() : value)
  return FIELDS.every((field) => plain(a[field]) === plain(b[field]))
}

/** Only the fields of the form: what is sent back must not carry what the node added. */
export function formOf(intake: Form): Form {
  return Object.fromEntries(FIELDS.map((field) => [field, intake[field] ?? EMPTY[field]])) as unknown as Form
}

/** A failure that says nothing about the form: no answer, or a node that is in trouble. */
function passing(error: ApiError): boolean {
  return error.status === 0 || error.status >= 500 || error.status === 429 || error.status === 401
}

/**
 * Saves a form as it is typed, and loses nothing when the line drops.
 *
 * - Each change is kept by the browser at once and sent `QUIET_MS` after the last key.
 * - One request at a time; what was typed meanwhile goes with the next.
 * - Without an answer it tries again every `RETRY_MS`; the kept copy goes when the node has all.
 * - An answer that got lost looks like a change made elsewhere: then it compares before it complains.
 */
export function makeDraft(id: string, start: Kept, door: Door, keeper: Keeper, tell: (status: Status) => void) {
  let { form, revision } = start
  let status: Status = { state: revision === null ? 'new' : 'saved', savedAt: null, error: null }
  let timer: ReturnType<typeof setTimeout> | null = null
  let running: Promise<void> | null = null
  let dirty = false
  let ended = false

  function say(next: Partial<Status>): void {
    status = { ...status, ...next }
    tell(status)
  }
  function plan(ms: number): void {
    if (timer !== null) clearTimeout(timer)
    timer = ended ? null : setTimeout(() => void flush(), ms)
  }

  async function agree(sent: Form): Promise<Saved | null> {
    const there = await door.load(id)
    return same(formOf(there), sent) ? { saved_at: there.saved_at, revision: there.revision } : null
  }

  async function send(): Promise<void> {
    const sent = form
    dirty = false
    say({ state: 'sending', error: null })
    try {
      let saved: Saved | null
      try {
        saved = await door.save(id, sent, revision)
      } catch (thrown) {
        const error = asApiError(thrown)
        saved = error.code === 'stale-revision' ? await agree(sent) : null
        if (saved === null) throw error
      }
      revision = saved.revision
      if (dirty) {
        keeper.write(id, { form, revision })
        say({ savedAt: saved.saved_at })
      } else {
        keeper.remove(id)
        say({ state: 'saved', savedAt: saved.saved_at, error: null })
      }
    } catch (thrown) {
      const error = asApiError(thrown)
      dirty = true
      if (passing(error)) {
        say({ state: 'offline', error })
        plan(RETRY_MS)
      } else {
        say({ state: 'refused', error })
      }
    }
  }

  /** Sends what is unsent now; says whether the node has everything. */
  async function flush(): Promise<boolean> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    while (running !== null) await running
    while (dirty) {
      running = send().finally(() => (running = null))
      await running
      if (status.state === 'offline' || status.state === 'refused') return false
    }
    return status.state === 'saved'
  }

  return {
    flush,
    change(next: Form): void {
      form = next
      dirty = true
      keeper.write(id, { form, revision })
      if (status.state !== 'offline') say({ state: 'sending' })
      plan(QUIET_MS)
    },
    /** Sends once more over whatever the node has: the person saw both and chose this. */
    async insist(): Promise<boolean> {
      try {
        // Over that very revision: what comes after it has not been seen, and a colleague's call is never saved blindly.
        revision = (await door.load(id)).revision
      } catch (thrown) {
        say({ state: 'refused', error: asApiError(thrown) })
        return false
      }
      dirty = true
      return flush()
    },
    /** Nothing more is sent; what is unsent stays with the browser. */
    end(): void {
      ended = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

export type Draft = ReturnType<typeof makeDraft>

/** Of one world: what was typed in a drill is nobody's call in the real one. */
const prefixOf = (world: string | null): string => (world === null ? 'fengsui.intake.' : `fengsui.intake@${world}.`)

/** Unsent forms in `localStorage`. Where that is forbidden they last as long as the page. */
export function browserKeeper(storage: Storage | null, world: string | null): Keeper {
  const prefix = prefixOf(world)
  const memory = new Map<string, Kept>()
  return {
    read(id) {
      try {
        const text = storage?.getItem(prefix + id)
        return text ? (JSON.parse(text) as Kept) : (memory.get(id) ?? null)
      } catch {
        return memory.get(id) ?? null
      }
    },
    write(id, kept) {
      memory.set(id, kept)
      try {
        storage?.setItem(prefix + id, JSON.stringify(kept))
      } catch {
        // Full or forbidden: the copy in memory stands.
      }
    },
    remove(id) {
      memory.delete(id)
      try {
        storage?.removeItem(prefix + id)
      } catch {
        // Forbidden: nothing was written either.
      }
    },
    ids() {
      const found = new Set(memory.keys())
      try {
        for (const key of Object.keys(storage ?? {})) if (key.startsWith(prefix)) found.add(key.slice(prefix.length))
      } catch {
        // As above.
      }
      return [...found]
    },
  }
}

/** Sends the forms that earlier pages could not; gives those that are still unsent. */
export async function sendKept(keeper: Keeper, door: Door): Promise<string[]> {
  const unsent: string[] = []
  for (const id of keeper.ids()) {
    const kept = keeper.read(id)
    if (!kept) continue
    const draft = makeDraft(id, kept, door, keeper, () => {})
    draft.change(kept.form)
    if (!(await draft.flush())) unsent.push(id)
    draft.end()
  }
  return unsent
}
