import type { Download } from '@/api/client'

/** Hands a file to the browser, which keeps it as a person has set it. */
export function keepFile({ name, bytes }: Download): void {
  const address = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
