// Pages of the manual that no other story comes by.
import assert from 'node:assert/strict'
import { mapIsDrawn } from './driver.mjs'

/** After a river rose, a warning was issued and an incident opened. */
export async function tellOfManual({ chapter, as }) {
  const officer = await as('hanlichun', { width: 1600, height: 900 })
  const { page } = officer
  // Keys belong to the page again once its dialog is gone.
  const submitted = async () => {
    await page.locator('dialog button[type=submit]').click()
    await page.locator('dialog').waitFor({ state: 'detached' })
  }

  await chapter('a notice is taken and then verified, by keyboard', async () => {
    await officer.go('/notices')
    await officer.sees('青石湾站 洪水黄色风险通知')
    await page.keyboard.press('a')
    await submitted()
    await officer.sees(/核实时限/)
    await officer.keep('notices')
    await page.keyboard.press('v')
    await page.getByLabel('属实').check()
    await page.locator('dialog textarea').fill('已电话核实，水位属实')
    await submitted()
    await officer.misses('青石湾站 洪水黄色风险通知')
  })

  await chapter('rules say what they judge', async () => {
    await officer.go('/monitor/hazard/rules')
    await officer.sees('水位超保证')
    await officer.keep('rules')
  })

  await chapter('an earthquake is typed in, and what it shook is estimated', async () => {
    await officer.go('/monitor/hazard/earthquakes')
    await officer.sees('还没有收到文件')
    await page.keyboard.press('n')
    const dialog = page.locator('dialog')
    await dialog.waitFor()
    const fields = { 纬度: '44.73', 经度: '124.05', '^震级$': '5.8', 震源深度: '9', 参考地点: '前郭', 告知人: '省地震局' }
    for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(new RegExp(label)).first().fill(value)
    await dialog.locator('select').nth(0).selectOption('Ms')
    await dialog.locator('select').nth(1).selectOption('reviewed')
    await dialog.locator('textarea').fill('电话速报')
    await submitted()
    if (!/earthquakes\/[0-9a-f-]{36}/.test(page.url())) await page.locator('main').getByText('前郭').first().click()
    await page.waitForURL(/earthquakes\/[0-9a-f-]{36}/)
    await officer.sees('乾安县')
    await mapIsDrawn(page)
    assert.ok(await page.evaluate(() => window.__map.queryRenderedFeatures({ layers: ['earthquake:surely'] }).length > 0), 'lines are drawn')
    await officer.keep('earthquake')
  })

  await chapter('a sheet of hand-over is made of what is open', async () => {
    await officer.go('/duty/handovers')
    await officer.sees('交接班记录')
    await page.keyboard.press('n')
    await submitted()
    await page.waitForURL(/handovers\/[0-9a-f-]{36}/)
    await officer.sees('未结事项')
    await officer.keep('handover')
  })

  await chapter('the wall shows what is in force, and turns its scene by keyboard', async () => {
    const wall = await as('hanlichun', { width: 1920, height: 1080 })
    await wall.go('/wall')
    await wall.sees(/生效预警 \d/)
    await mapIsDrawn(wall.page)
    await wall.keep('wall')
    await wall.page.keyboard.press('2')
    await wall.sees('法定与指令时限')
  })
}
