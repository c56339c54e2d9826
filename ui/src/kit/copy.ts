import { toast } from './toast'

/**
 * Copies a text and says so. Only secure origins have a clipboard; elsewhere nothing
 * happens, and the text can still be selected.
 */
export async function copied(text: string, word: string): Promise<void> {
  await navigator.clipboard?.writeText(text).then(
    () => toast.done(word),
    () => {},
  )
}
