// What sounds at the desk: counted at the oscillators, as nobody listens here.
import assert from 'node:assert/strict'
import { riverRises } from './driver.mjs'

export async function tellOfAlarm({ chapter, demo, as }) {
  await chapter('an orange matter sounds on any page until it is muted or answered', async () => {
    const officer = await as('hanlichun', { width: 1600, height: 900 })
    const { page } = officer
    await page.addInitScript(() => {
      window.beeps = 0
      const start = OscillatorNode.prototype.start
      OscillatorNode.prototype.start = function (...when) {
        window.beeps += 1
        return start.apply(this, when)
      }
    })
    await officer.go('/notices')
    const bell = page.locator('button.bell')
    await page.locator('h1').first().click()
    await bell.getByText('声音开').waitFor()
    assert.equal(await page.evaluate(() => window.beeps), 0, 'nothing that is orange waits, and nothing sounds')
    await riverRises(demo, 263.2, 264.3)
    await bell.getByText('响铃 1').waitFor()
    await page.waitForFunction(() => window.beeps > 0)
    await officer.keep('alarm-rings')
    await page.keyboard.press('q')
    await bell.getByText('已静音 1').waitFor()
    await page.keyboard.press('q')
    await bell.getByText('响铃 1').waitFor()
    // Once it is answered it is quiet without a mute.
    await page.getByText('青石湾站 洪水橙色风险通知').first().waitFor()
    await page.keyboard.press('a')
    await page.locator('dialog textarea').fill('已电话核实，水位属实，正在巡堤')
    await page.locator('dialog button[type=submit]').click()
    await bell.getByText('声音开').waitFor()
  })
}
