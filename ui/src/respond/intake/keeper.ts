import { browserKeeper } from './draft'

function storage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

/** The unsent calls of this browser. */
export const keeper = browserKeeper(storage())
