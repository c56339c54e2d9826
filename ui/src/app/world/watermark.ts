/**
 * The word that stands over every page of another world, as a picture to tile; the
 * stylesheet lays it over the page, over dialogs and onto paper.
 */
export function watermark(word: string): string {
  const picture =
    `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="280">` +
    `<text x="240" y="140" text-anchor="middle" dominant-baseline="middle" transform="rotate(-24 240 140)" ` +
    `font-family="'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif" font-weight="700" ` +
    `font-size="${word.length > 3 ? 72 : 104}" letter-spacing="24">${word}</text></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(picture)}")`
}
