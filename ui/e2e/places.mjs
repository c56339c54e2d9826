// Where a station stands: given in the datum of the paper, changed with a reason, and seen
// by who may not change it. Then what is checked of its readings: tried out, set, and taken
// back. And the boundaries that it stands in: a file looked at over what holds, and taken.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { mapIsDrawn, riverRises, STATION } from './driver.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CODE = '2202820078'
const NAME = '红石水文站'

/** What was refused on purpose is no error that somebody saw. */
function refusedOnPurpose(who, path) {
  const at = who.faults.findIndex((fault) => fault.startsWith('422 ') && fault.includes(path))
  assert.ok(at >= 0, `${path} was not refused: ${who.faults}`)
  who.faults.splice(at, 1)
}

export async function tellOfPlaces({ chapter, as, demo }) {
  const engineer = await as('luojiaju', { width: 1600, height: 1000 })
  const { page } = engineer
  const dialog = page.locator('dialog')
  let station

  await chapter('a station is registered with the numbers on the paper, and a place elsewhere is refused at its field', async () => {
    await engineer.go('/data/connect')
    await page.getByLabel('代码').fill(CODE)
    await page.getByLabel('站名').fill(NAME)
    await page.getByLabel('类别').selectOption('river')
    await page.getByLabel('辖区').selectOption('220282')
    await page.getByLabel('要素').fill('Z')
    await page.getByLabel('经度').fill('121.47')
    await page.getByLabel('纬度').fill('31.23')
    await page.getByLabel('坐标系').selectOption('gcj02')
    await engineer.button('登记并取得地址').click()
    await page.getByRole('alert').filter({ hasText: '桦甸市' }).waitFor()
    refusedOnPurpose(engineer, '/api/stations')
    await engineer.keep('place-refused')
    await page.getByLabel('经度').fill('126.7566')
    await page.getByLabel('纬度').fill('42.9721')
    await engineer.button('登记并取得地址').click()
    await page.waitForURL(/\/data\/connect\?.*station=[0-9a-f-]{36}/)
    station = new URL(page.url()).searchParams.get('station')
    await engineer.go(`/data/stations/${station}`)
    await engineer.sees('原值 126.7566, 42.9721 GCJ-02')
    await engineer.keep('place')
  })

  await chapter('its place and site are changed by keyboard with a reason, and what was said stays', async () => {
    await page.keyboard.press('e')
    await dialog.getByLabel('经度').fill('126.76')
    await dialog.getByLabel('纬度').fill('42.98')
    await dialog.getByLabel('坐标系').selectOption('wgs84')
    await dialog.getByPlaceholder('名称或编码开头').fill('桦甸市')
    const site = dialog.getByLabel('选定')
    await site.locator('option').nth(1).waitFor({ state: 'attached' })
    await site.selectOption({ index: 1 })
    const named = (await site.locator('option:checked').textContent()) ?? ''
    assert.ok(await dialog.getByRole('button', { name: '保存' }).isDisabled(), 'not without a reason')
    await dialog.getByLabel('原因（留痕）').fill('按复测成果更正')
    await engineer.keep('place-form')
    await dialog.getByRole('button', { name: '保存' }).click()
    await engineer.sees('位置与归属已变更')
    await engineer.sees('原值 126.76, 42.98 WGS-84')
    const panel = page.getByRole('region', { name: '位置与归属' })
    await panel.getByRole('link', { name: named.split(' ')[1] }).waitFor()
    await panel.getByText('历次 2').click()
    await panel.getByText('原因：按复测成果更正').waitFor()
    await panel.getByText('原值 126.7566, 42.9721 GCJ-02').waitFor()
    await engineer.keep('place-history')
    const officer = await as('hanlichun', { width: 1600, height: 1000 })
    await officer.go(`/data/stations/${station}`)
    await officer.sees('原值 126.76, 42.98 WGS-84')
    assert.equal(await officer.page.getByRole('button', { name: '变更', exact: true }).count(), 0)
    await officer.close()
  })

  await chapter('checks are tried out on the last readings, set with a reason, and taken back', async () => {
    await riverRises(demo, 262.4, 262.9)
    const found = await page.evaluate(async (code) => (await (await fetch(`/api/stations?q=${code}`)).json()).items[0].id, STATION)
    await engineer.go(`/data/stations/${found}`)
    const panel = page.getByRole('region', { name: '质控' })
    await panel.getByLabel('传感器').selectOption({ label: await optionOf(panel, '水位') })
    await panel.getByText('凭记忆，待核').first().waitFor()
    await panel.scrollIntoViewIfNeeded()
    await engineer.keep('checks')
    await page.keyboard.press('g')
    const step = dialog.getByRole('group', { name: '跳变' })
    await step.getByLabel('另设').check()
    await step.getByLabel('至多变化').first().fill('一')
    await step.getByText('应为数字').waitFor()
    await step.getByLabel('时长（分钟）').first().fill('10')
    await step.getByLabel('至多变化').first().fill('2')
    await step.getByLabel('至多变化').nth(1).fill('0.5')
    await dialog.getByLabel('原因（留痕）').fill('闸下站，开闸时水位骤变')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await step.getByRole('alert').waitFor()
    refusedOnPurpose(engineer, '/checks')
    await engineer.keep('checks-refused')
    await step.getByLabel('至多变化').first().fill('0.01')
    await dialog.getByRole('button', { name: '试算，不保存' }).click()
    const tried = dialog.getByRole('status').filter({ hasText: '条读数' })
    await tried.waitFor()
    const [, now, then] = /现行标记 (\d+) 条，按此设定标记 (\d+) 条/.exec((await tried.textContent()) ?? '') ?? []
    assert.ok(Number(then) > Number(now), `${now} before, ${then} then`)
    await tried.scrollIntoViewIfNeeded()
    await engineer.keep('checks-tried')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await engineer.sees('质控已设定')
    await panel.getByRole('row', { name: /跳变.*0\.01 m.*已设定/ }).waitFor()
    await panel.getByText(/历次设定 1/).click()
    await panel.getByText('闸下站，开闸时水位骤变').waitFor()
    await engineer.keep('checks-set')

    const officer = await as('hanlichun', { width: 1600, height: 1000 })
    await officer.go(new URL(page.url()).pathname + new URL(page.url()).search)
    await officer.page.getByRole('row', { name: /跳变.*已设定/ }).waitFor()
    await officer.sees('只能查看')
    assert.equal(await officer.page.getByRole('button', { name: '恢复默认' }).count(), 0)
    await panel.getByRole('button', { name: '恢复默认' }).click()
    await dialog.getByLabel('原因（留痕）').fill('演示结束')
    await dialog.getByRole('button', { name: '恢复默认' }).click()
    await panel.getByRole('row', { name: /跳变.*默认/ }).waitFor()
    // The officer's page hears of it.
    await officer.page.getByRole('row', { name: /跳变.*默认/ }).waitFor()
    await officer.close()
  })

  await chapter('a file of boundaries is looked at over what holds, and taken from its day on', async () => {
    const system = await as('system', { width: 1600, height: 1000 })
    const { page } = system
    await system.go('/atlas/boundaries')
    await system.sees('这一天还没有登记的界线')
    await page.locator('input[type=file]').setInputFiles(`${ROOT}fixtures/geo/jilin_counties.geojson`)
    await page.getByLabel('发布者与版本').fill('演示：随程序发布的轮廓')
    await system.button('检查并预览').click()
    await page.getByRole('alert').filter({ hasText: 'cgcs2000' }).waitFor()
    refusedOnPurpose(system, '/api/regions/boundaries')
    await system.keep('boundaries-datum')
    await page.getByLabel('坐标系').selectOption('wgs84')
    await system.button('检查并预览').click()
    await system.button('载入 60 条界线').click()
    await system.sees('已载入 60 条界线')
    await page.getByRole('table', { name: '有效的界线' }).getByText('南关区').waitFor()

    await page.locator('input[type=file]').setInputFiles(`${ROOT}fixtures/boundaries/counties_gbk.zip`)
    await page.getByLabel('起始日期').fill('2020-07-01')
    await page.getByLabel('坐标系').selectOption('')
    await system.button('检查并预览').click()
    await system.sees('尚未写入')
    await system.sees('图形读不出')
    await system.sees('与原界线面积相差 2% 以上')
    await mapIsDrawn(page)
    await page.waitForFunction(() => window.__map.queryRenderedFeatures({ layers: ['boundaries-looked-at:new'] }).length > 0, null, { timeout: 40_000 })
    const old = await page.evaluate(() => window.__map.queryRenderedFeatures({ layers: ['boundaries-looked-at:old'] }).length)
    assert.ok(old > 0, 'what holds is drawn too')
    await system.keep('boundaries')
    await system.button('载入 2 条界线').click()
    await system.sees('已载入 2 条界线')
    // Only the rows in sight are in the document.
    await page.locator('.list .box').evaluate((box) => (box.scrollTop = 20 * 36))
    const row = page.getByRole('table', { name: '有效的界线' }).getByRole('row', { name: /220282 / })
    await row.getByText('2020-07-01').waitFor()
    await system.button('关闭').click()
    await page.getByLabel('查看日期').fill('2020-06-30')
    await page.locator('.list .box').evaluate((box) => (box.scrollTop = 20 * 36))
    await row.getByText('未注明').waitFor()
    await system.keep('boundaries-then')
    await engineer.go('/atlas/boundaries')
    await engineer.sees('只能查看')
    assert.equal(await engineer.page.locator('input[type=file]').count(), 0)
  })
}

/** The label of the option that names something. */
async function optionOf(where, name) {
  await where.locator('option', { hasText: name }).first().waitFor({ state: 'attached' })
  const labels = await where.locator('option').allTextContents()
  const label = labels.find((text) => text.includes(name))
  assert.ok(label, `nothing called ${name} among ${labels}`)
  return label.trim()
}
