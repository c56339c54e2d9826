// The registers as who keeps them sees them: an enterprise with a tank is entered, a wrong
// code is refused, it is found by how its name begins, and seen on the map.
import assert from 'node:assert/strict'
import { mapIsDrawn } from './driver.mjs'

const NAME = '梅河口市演示制剂有限公司'
/** Invented; the last character is what the seventeen before it give. */
const CODE = '91220581MA0DEM901C'

/** Tells the chapters with an engineer's browser. */
export async function tellOfRegisters({ chapter, as }) {
  const engineer = await as('luojiaju', { width: 1600, height: 900 })
  const { page } = engineer
  const dialog = page.locator('dialog')

  await chapter('an enterprise is entered, and a wrong credit code is refused where it stands', async () => {
    await engineer.go('/monitor/safety/enterprises')
    await engineer.sees('永吉县演示合成氨有限公司')
    await engineer.keep('enterprises')
    await page.keyboard.press('n')
    await dialog.getByLabel('名称', { exact: true }).fill(NAME)
    await dialog.getByLabel('统一社会信用代码').fill(`${CODE.slice(0, 17)}${CODE.endsWith('A') ? 'B' : 'A'}`)
    await dialog.getByText(`校验位是“A”，按前 17 位应为“${CODE[17]}”`).waitFor()
    await dialog.getByLabel('危险化学品').check()
    await dialog.getByRole('button', { name: '登记' }).click()
    await dialog.getByText(/校验位是/).waitFor()
    await dialog.getByLabel('统一社会信用代码').fill(CODE)
    await dialog.getByLabel('行政区划').selectOption('220581')
    await dialog.getByLabel('经度').fill('125.7166')
    await dialog.getByLabel('纬度').fill('42.5423')
    await dialog.getByLabel('坐标系').selectOption('gcj02')
    await engineer.keep('enterprise-form')
    await dialog.getByRole('button', { name: '登记' }).click()
    await page.waitForURL(/\/monitor\/safety\/enterprises\/[0-9a-f-]{36}/)
    await engineer.sees('原值 125.7166, 42.5423 GCJ-02')
    await engineer.keep('enterprise')
  })

  const enterprise = new URL(page.url()).pathname

  await chapter('a tank is entered with what its design allows, and a level above its top is refused', async () => {
    await page.getByRole('radio', { name: '风险源' }).click()
    await page.getByRole('button', { name: /储罐/ }).click()
    await dialog.getByLabel('名称', { exact: true }).fill('1# 丙酮罐')
    await dialog.getByLabel('罐号').fill('g0001')
    await dialog.getByLabel('经度').fill('125.7105')
    await dialog.getByLabel('纬度').fill('42.5405')
    await dialog.getByLabel('介质').fill('丙酮')
    await dialog.getByLabel('CAS 号').fill('67-64-1')
    await dialog.getByLabel(/^高/).fill('12')
    await dialog.getByLabel(/公称容积/).fill('1000')
    await dialog.getByLabel(/设计最高液位/).fill('12.5')
    await dialog.getByRole('button', { name: '登记' }).click()
    await dialog.getByText('不能高于“高（卧罐为长）”').waitFor()
    await engineer.keep('tank-form')
    await dialog.getByLabel(/设计最高液位/).fill('10.8')
    await dialog.getByRole('button', { name: '登记' }).click()
    await page.waitForURL(/\/monitor\/safety\/sites\/[0-9a-f-]{36}/)
    await engineer.sees('G0001')
    await engineer.sees('67-64-1')
    await engineer.keep('tank')
  })

  await chapter('it is found by how its name begins, and what it was on a day is told', async () => {
    await engineer.go('/monitor/safety/enterprises')
    await engineer.sees(NAME)
    await page.keyboard.press('/')
    await page.keyboard.type('梅河口市演示', { delay: 20 })
    await page.waitForURL(/q=/)
    await page.getByText('本页 1 家').waitFor()
    await page.getByText(NAME).click()
    await page.waitForURL((url) => url.pathname === enterprise)
    await engineer.button(/^停用/).click()
    await dialog.locator('textarea').fill('年度检修')
    await dialog.getByRole('button', { name: '停用' }).click()
    await engineer.sees('年度检修')
    await page.getByRole('radio', { name: '变更历史' }).click()
    await engineer.sees(/登记企业 梅河口市演示制剂有限公司/)
    await engineer.sees(/起停产：年度检修/)
    await engineer.keep('enterprise-history')
    await page.getByRole('radio', { name: '概况' }).click()
    await page.getByLabel('看某一天的登记').fill('2020-01-01')
    await engineer.sees('2020-01-01 时还没有登记')
    // That there was none is what was asked.
    engineer.faults.splice(0, engineer.faults.length, ...engineer.faults.filter((fault) => !/^404 .*\/api\/enterprises\//.test(fault)))
    await page.getByRole('button', { name: '回到现在' }).click()
    await engineer.sees('年度检修')
  })

  await chapter('who is to be called is masked until somebody asks, and the trail would say so', async () => {
    await page.getByRole('radio', { name: '联系人' }).click()
    await engineer.sees('还没有登记联系人')
    await page.getByRole('button', { name: '登记联系人' }).click()
    await dialog.getByLabel('姓名').fill('演示寅')
    await dialog.getByLabel('电话').fill('12000000099')
    await dialog.getByRole('button', { name: '登记' }).click()
    await engineer.sees('120****0099')
    assert.equal(await page.getByText('12000000099').count(), 0)
    await page.getByRole('button', { name: '查看姓名电话' }).click()
    await engineer.sees('12000000099')
    await engineer.keep('enterprise-contacts')
  })

  await chapter('it stands on the map as a diamond, and leads back to its record', async () => {
    await page.getByRole('button', { name: /在图上看/ }).click()
    await page.waitForURL(/\/map\?/)
    await mapIsDrawn(page)
    await page.waitForFunction(
      (names) => {
        const drawn = window.__map.queryRenderedFeatures({ layers: ['sources:diamonds'] }).map((each) => each.properties.name)
        return names.every((name) => drawn.includes(name))
      },
      [NAME, '1# 丙酮罐'],
    )
    await engineer.keep('map-sources')
    await page.getByRole('link', { name: '打开登记' }).click()
    await page.waitForURL((url) => url.pathname === enterprise)
  })

  await chapter('a new sender is put where it stands, found in the registers by how a name begins', async () => {
    await engineer.go('/data/connect')
    await page.getByLabel('所在企业或场所').fill('1# 丙')
    const chosen = page.getByLabel('选定')
    await chosen.locator('option', { hasText: '1# 丙酮罐' }).waitFor({ state: 'attached' })
    const option = await chosen.locator('option', { hasText: '1# 丙酮罐' }).getAttribute('value')
    await chosen.selectOption(option)
    await page.getByLabel('代码').fill('10820777')
    await page.getByLabel('要素').fill('PJ')
    await page.getByLabel('站名').fill('罐边雨量站')
    await engineer.keep('connect-site')
    const told = page.waitForResponse((answer) => answer.url().endsWith('/api/stations') && answer.request().method() === 'POST')
    await page.getByRole('button', { name: '登记' }).click()
    const station = await (await told).json()
    assert.equal(station.site, option)
    await page.waitForURL((url) => url.searchParams.get('station') === station.id)
  })
}
