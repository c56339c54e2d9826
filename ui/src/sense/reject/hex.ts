/** A line of a hex dump: where it begins, and its bytes two by two. */
export interface HexRow {
  offset: number
  bytes: string[]
}

/** Cuts hex into lines of `width` bytes; a last half byte is shown as it is. */
export function hexRows(hex: string, width = 16): HexRow[] {
  const bytes = hex.toUpperCase().match(/..?/g) ?? []
  const rows: HexRow[] = []
  for (let offset = 0; offset < bytes.length; offset += width) rows.push({ offset, bytes: bytes.slice(offset, offset + width) })
  return rows
}

/** A byte as a person may read it; a dot for what is no printable ASCII. */
export function printable(byte: string): string {
  const code = Number.parseInt(byte, 16)
  return byte.length === 2 && code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·'
}
