/** A map's credit with those of `parts` that it does not name already. */
export function credit(said: string, parts: (string | null)[]): string {
  return [said, ...parts.filter((part) => part !== null && !said.includes(part))].filter(Boolean).join(' · ')
}

/**
 * A credit with those of its parts in the present language that `words` has: those that a
 * demonstration says. A map's number of approval, or an owner's name, stays as it is.
 */
export const inWords = (said: string, words: Readonly<Record<string, string>>): string =>
  said
    .split(' · ')
    .map((part) => words[part] ?? part)
    .join(' · ')
