import { worldName } from '@/app/world/name'
import { browserKeeper } from './draft'

function storage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

/** The unsent calls of this browser, in this world. */
export const keeper = browserKeeper(storage(), worldName)
