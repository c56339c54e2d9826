/** A map's credit with those of `parts` that it does not name already. */
export function credit(said: string, parts: (string | null)[]): string {
  return [said, ...parts.filter((part) => part !== null && !said.includes(part))].filter(Boolean).join(' · ')
}
