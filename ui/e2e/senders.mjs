// Connecting a sender without anybody's help: a place to send to, a key, the first message,
// and what its points mean; then the key is changed and a mapping mended.
import assert from 'node:assert/strict'
import { mineSends, shell, stranger } from './driver.mjs'

const CODE = '2202820077'
const NAME = '二道甸子水文站'
const MINE = '220282000011'
const GAS = '220282-gas-11'

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
    await page.waitForURL(/\/data\/connect\?.*station=[0-9a-f-]{36}/)
    await engineer.sees('等候第一条报文')
    await engineer.sees(demo.sl651)
    await engineer.keep('sender-waits')
    await stranger(demo, CODE, 'A1B3')
    await engineer.sees('第一条报文被拒收')
    await engineer.sees("password is not the station's")
    await page.getByRole('row', { name: /密码 A1B3/ }).waitFor()
    await engineer.keep('sender-refused')
    await stranger(demo, CODE, 'A1B2')
    await engineer.sees('已接通')
    await page.getByRole('link', { name: '测点映射与密钥' }).click()
    await page.waitForURL(/\/data\/stations\/[0-9a-f-]{36}/)
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

  await chapter('a station that says nothing for longer than it may is found, and its next word ends that', async () => {
    const sender = new URL(page.url()).pathname
    await engineer.button('静默时限与停测').click()
    const dialog = page.locator('dialog')
    await dialog.getByLabel('静默时限（秒）').fill('0')
    await dialog.getByText('应为 1 至 2678400 的整数').waitFor()
    await dialog.getByLabel('静默时限（秒）').fill('1')
    await dialog.getByLabel('理由').fill('演示静默')
    await engineer.keep('silence-set')
    await dialog.getByRole('button', { name: '保存' }).click()
    await engineer.go('/monitor/hazard/silences')
    const row = page.getByRole('row', { name: new RegExp(`静默中.*${NAME}`) })
    await row.waitFor()
    await row.click()
    await engineer.sees('人工设定')
    await engineer.keep('silences')
    // From now on it may be silent for long; its next word ends the silence while one looks.
    await engineer.go(sender)
    await engineer.button('静默时限与停测').click()
    await dialog.getByLabel('静默时限（秒）').fill('86400')
    await dialog.getByLabel('理由').fill('每日一报')
    await dialog.getByRole('button', { name: '保存' }).click()
    await engineer.go('/monitor/hazard/silences')
    await row.waitFor()
    await stranger(demo, CODE, 'A1B2')
    await row.waitFor({ state: 'detached' })
    await page.getByRole('combobox', { name: '状态' }).selectOption('ended')
    await page.getByRole('row', { name: new RegExp(`${NAME}.*恢复到报`) }).first().waitFor()
    await engineer.keep('silences-ended')
    await engineer.go(sender)
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

  /** Registers a sender on the connect page. */
  const connect = async ({ protocol, code, name, kind }) => {
    await engineer.go('/data/connect')
    await page.getByLabel('协议').selectOption({ label: protocol })
    await page.getByLabel('代码').fill(code)
    await page.getByLabel('站名').fill(name)
    await page.getByLabel('类别').selectOption(kind)
    await page.getByLabel('辖区').selectOption('220282')
    await page.getByLabel('要素').fill('')
    await engineer.button('登记并取得地址').click()
    await page.waitForURL(/\/data\/connect\?.*station=[0-9a-f-]{36}/)
    await engineer.sees('只在此处显示一次')
  }
  /** The line that the page gives for a way, with the key in it. */
  const line = async (way) => {
    const text = await page.getByRole('region', { name: way }).locator('.command').textContent()
    assert.ok(!text.includes('{KEY'), text)
    return text
  }

  await chapter('a mine is connected on one page: key, folder and line as they are given, and it turns green', async () => {
    await connect({ protocol: '煤矿 42 号文', code: MINE, name: '夹皮沟演示煤矿', kind: 'mine' })
    const http = await line('HTTP 上传')
    const folder = await line('投递文件夹（SFTP 或共享目录）')
    await engineer.keep('connect-mine')
    const refused = await shell(http.replace(/-u '\d+:/, (user) => `${user}x`))
    assert.match(refused.text, /"code":"refused"/, refused.text)
    await engineer.sees('第一条报文被拒收')
    await engineer.sees('no key of the station is that of the message')
    await page.getByRole('row', { name: new RegExp(`煤矿编码 .*${MINE}`) }).waitFor()
    await engineer.keep('connect-mine-refused')
    const sent = await shell(folder)
    assert.equal(sent.code, 0, sent.text)
    await engineer.sees('已接通')
    const again = await shell(http)
    assert.match(again.text, /"stored":true/, again.text)
    await page.reload()
    await page.getByText('••••••••').waitFor()
  })

  await chapter('who is underground is seen masked, and whole for a reason that the auditor reads', async () => {
    const mine = new URL(page.url()).searchParams.get('station')
    const folder = (await page.getByRole('region', { name: '投递文件夹（SFTP 或共享目录）' }).locator('dd').first().textContent()) ?? ''
    await mineSends(MINE, folder.replace(/\/\d+$/, ''), 6)
    await engineer.go(`/data/persons?station=${mine}&kind=RYSS`)
    await page.getByRole('row', { name: /人员实时位置/ }).first().click()
    await engineer.sees('人（井下）')
    await page.getByRole('cell', { name: `${MINE}*****` }).first().waitFor()
    assert.equal(await page.getByRole('button', { name: '开启全文' }).count(), 0, 'an engineer does not open it')
    await engineer.keep('persons-masked')

    const chief = await as('sunyiwen', { width: 1600, height: 900 })
    await chief.go(new URL(page.url()).pathname + new URL(page.url()).search)
    await chief.button('开启全文').click()
    const dialog = chief.page.locator('dialog')
    await dialog.getByLabel('理由').fill('核对 1301 工作面升井人员')
    await dialog.getByRole('button', { name: '开启全文' }).click()
    await chief.sees('全文 · 已留痕')
    await chief.page.getByRole('cell', { name: new RegExp(`^${MINE}\\d{5}$`) }).first().waitFor()
    await chief.keep('persons-opened')
    const auditor = await as('audit', { width: 1600, height: 900 })
    await auditor.go('/iam/trail')
    await auditor.sees(/开启 夹皮沟演示煤矿 的人员文件 .*（RYSS），理由：核对 1301 工作面升井人员/)
    await engineer.go(`/data/connect?station=${mine}`)
  })

  await chapter('an MQTT client is connected by the line that the page gives', async () => {
    await connect({ protocol: 'JSON', code: GAS, name: '夹皮沟气体站', kind: 'chemical' })
    const sent = await shell(await line('MQTT'))
    assert.equal(sent.code, 0, sent.text)
    await engineer.sees('已接通')
    await engineer.keep('connect-mqtt')
  })

  const gas = new URL(page.url()).searchParams.get('station')
  const post = async (values) => {
    const http = await line('HTTP 上传')
    return shell(http.replace(/-d '.*?'/, `-d '${JSON.stringify({ time: new Date().toISOString(), values })}'`))
  }

  await chapter('the board says what is refused and what waits, and a mended factor is read again from there', async () => {
    const taken = await post({ ch4: 420 })
    assert.match(taken.text, /"stored":true/, taken.text)
    const bad = await shell((await line('HTTP 上传')).replace(/-d '.*?'/, `-d '{"time":"yesterday","values":{"ch4":1}}'`))
    assert.match(bad.text, /unreadable/, bad.text)
    await engineer.go(`/data/sources?source=${gas}`)
    const causes = page.getByRole('list', { name: '拒收原因表' })
    await causes.getByText(/yesterday|…/).first().waitFor()
    await page.getByRole('row', { name: /^数据/ }).waitFor()
    await engineer.sees('1 帧含未映射的测点')
    await page.getByRole('row', { name: /ch4 .*未映射/ }).waitFor()
    await engineer.keep('board')

    await page.getByRole('link', { name: '去映射与修正' }).click()
    await page.waitForURL(new RegExp(`/data/stations/${gas}`))
    const row = page.getByRole('row', { name: /ch4/ })
    await row.getByRole('button', { name: '映射' }).click()
    const dialog = page.locator('dialog')
    await dialog.getByLabel('物理量').selectOption('methane')
    await dialog.getByRole('button', { name: '保存' }).click()
    await row.getByText(/^420 · /).waitFor()
    await row.getByRole('button', { name: '修正' }).click()
    await dialog.getByLabel('倍率').fill('0.001')
    await dialog.getByRole('button', { name: '保存' }).click()

    await engineer.go(`/data/sources?source=${gas}`)
    await engineer.button('近 24 小时').click()
    await engineer.sees('正在按现有映射重读原始报文')
    await engineer.go(`/data/stations/${gas}`)
    await page.getByRole('row', { name: /ch4/ }).getByText(/^0\.42 · /).waitFor()
  })
}
