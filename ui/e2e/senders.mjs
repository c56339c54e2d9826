// Connecting a sender without anybody's help: a place to send to, a key, the first message,
// and what its points mean; then the key is changed and a mapping mended.
import assert from 'node:assert/strict'
import { stranger } from './driver.mjs'

const CODE = '2202820077'
const NAME = '二道甸子水文站'

/** Tells the chapters with an engineer's browser. */
export async function tellOfSenders({ chapter, as, demo }) {
  const engineer = await as('luojiaju', { width: 1600, height: 900 })
  const { page } = engineer

  await chapter('a sender is registered, gets an address, and turns green with its first message', async () => {
    await engineer.go('/data/connect')
    await page.getByLabel('代码').fill(CODE)
    await page.getByLabel('站名').fill(NAME)
    await page.getByLabel('类别').selectOption('river')
    await page.getByLabel('要素').fill('Z')
    await page.getByLabel('站密码').fill('A1B2')
    await engineer.keep('connect')
    await engineer.button('登记并取得地址').click()
    await page.waitForURL(/\/data\/stations\/[0-9a-f-]{36}/)
    await engineer.sees('等候第一条报文')
    await engineer.sees(demo.sl651)
    await engineer.keep('sender-waits')
    await stranger(demo, CODE, 'A1B2')
    await engineer.sees('已收到报文')
  })

  await chapter('points that nobody mapped are shown, mapped, and read from what had come', async () => {
    const row = page.getByRole('row', { name: /PT/ })
    await row.getByText('未映射，疑为累计雨量').waitFor()
    await engineer.sees('条报文含未映射的测点')
    await engineer.keep('sender-unmapped')
    await row.getByRole('button', { name: '映射' }).click()
    const dialog = page.locator('dialog')
    await dialog.getByLabel('倍率').fill('一')
    await dialog.getByText('应是一个数').waitFor()
    assert.ok(await dialog.getByRole('button', { name: '保存' }).isDisabled())
    await dialog.getByLabel('倍率').fill('1')
    await dialog.getByLabel('位置或名称').fill('站房屋顶')
    await engineer.keep('sender-map')
    await dialog.getByRole('button', { name: '保存' }).click()
    await row.getByText('累计雨量 mm').waitFor()
    // It was sent before there was a sensor, and is not sent again.
    await row.getByText(/\d · \d\d-\d\d \d\d:\d\d/).waitFor()
    await engineer.button(/按定义全部映射/).click()
    await page.getByText('条报文含未映射的测点').waitFor({ state: 'detached' })
    await engineer.keep('sender-mapped')
  })

  await chapter('its key is changed, the old one ends, and both are known to the auditor', async () => {
    await page.getByLabel('旧密钥').selectOption('0')
    await engineer.button('签发新密钥').click()
    await page.getByText(/停用$/).first().waitFor()
    await page.locator('.secret', { hasText: /^[0-9A-F]{4}$/ }).waitFor()
    await engineer.keep('sender-keys')
    await stranger(demo, CODE, 'A1B2')
    await engineer.go('/data/sources')
    await engineer.sees("password is not the station's")
  })
}
