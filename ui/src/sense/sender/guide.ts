/** How the first message of a new sender went. */
export type First = 'waits' | 'refused' | 'heard'

/**
 * What is newest says how it stands: a message that cannot be read counts as heard and as
 * refused in the same moment, and is refused.
 */
export function first(heard: string | null, refused: string | null): First {
  if (refused !== null && (heard === null || Date.parse(heard) <= Date.parse(refused))) return 'refused'
  return heard === null ? 'waits' : 'heard'
}

/** A line for a shell with its key in place; what a key has of quotes ends none. */
export function withKey(command: string, key: string | null, placeholder: string): string {
  const words = key?.split(' ') ?? []
  const quoted = (text: string): string => text.replaceAll("'", "'\\''")
  return command.replace(/\{KEY(?::(\d))?\}/g, (_, word?: string) => {
    if (key === null) return placeholder
    return quoted(word === undefined ? key : (words[Number(word) - 1] ?? ''))
  })
}
