// The tour of a demonstration: it says what has not happened yet, leads to the pages, and
// comes once.
import assert from 'node:assert/strict'

/** Before anything has happened, with a browser that has never been here. */
export async function tellOfTour({ chapter, as }) {
  await chapter('a tour says that nothing has happened yet, covers nothing, and comes once', async () => {
    const guest = await as('liujingxing', { width: 1280, height: 720, tours: true })
    const { page } = guest
    const tour = page.getByRole('region', { name: '演示导览' })
    await tour.getByText('现在还没有风险通知').waitFor()
    const box = async (locator) => await locator.boundingBox()
    const [strip, content] = [await box(tour), await box(page.locator('#content'))]
    assert.ok(content.y + content.height <= strip.y + 1, 'the strip lies below the page, not on it')
    await page.keyboard.press('.')
    await page.waitForURL(/\/monitor\/hazard\/stations\/[0-9a-f-]{36}/)
    await page.keyboard.press('.')
    await page.waitForURL(/\/warn$/)
    await tour.getByText('现在还没有预警').waitFor()
    await tour.getByRole('button', { name: '上一步' }).click()
    await page.waitForURL(/\/monitor\/hazard\/stations\//)
    await guest.keep('tour')
    await page.reload()
    await tour.getByText('2/').waitFor()
    await tour.getByRole('button', { name: '离开导览' }).click()
    await tour.waitFor({ state: 'detached' })
    await page.reload()
    await guest.sees('青石湾站')
    assert.equal(await tour.count(), 0)
    await page.keyboard.press('w')
    await tour.waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    const narrow = await box(tour)
    assert.ok(narrow.width <= 390 && narrow.height < 240, JSON.stringify(narrow))
    await guest.keep('tour-phone')
    await page.keyboard.press('w')
    await tour.waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1280, height: 720 })
  })
}
