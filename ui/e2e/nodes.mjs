// What people decide about other nodes, in the same run as the story from rain to task.
import assert from 'node:assert/strict'
import { OUT, person, startDemo } from './driver.mjs'

/** A key that nobody holds: comparing it with a person is not what a browser can tell. */
const FINGERPRINT = '5f2d8a01c7b94e630f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70'

export async function tellOfNodes({ chapter, as }) {
  const open = (who) => who.page.locator('dialog[open]')

  await chapter("a security officer trusts another node's key, by keyboard, and says how far", async () => {
    const security = await as('security', { width: 1600, height: 900 })
    await security.go('/link/neighbours')
    await security.sees('还没有信任过任何节点')
    await security.page.keyboard.press('n')
    await open(security).getByLabel('节点名').fill('huadian')
    // As it is read over the telephone: large letters, four by four; and one digit short at first.
    const spoken = FINGERPRINT.toUpperCase().replace(/.{4}/g, '$& ')
    const digits = open(security).getByRole('textbox', { name: '指纹' })
    await digits.fill(spoken.trim().slice(0, -1))
    await open(security).getByLabel('可代说的辖区').selectOption('220282')
    await open(security).getByLabel(/核对过整串指纹/).check()
    await security.page.keyboard.press('Enter')
    await security.sees('这不是 64 位十六进制：现有 63 位')
    await digits.fill(spoken)
    await open(security).getByRole('button', { name: '信任密钥' }).click()
    await security.page.getByRole('row', { name: /huadian.*已信任.*桦甸市/ }).waitFor()

    await security.page.keyboard.press('g')
    await open(security).getByLabel('事项').selectOption('task.assign')
    await open(security).getByLabel('辖区', { exact: true }).selectOption('220282')
    await open(security).getByRole('button', { name: '准许' }).click()
    await security.page.getByRole('row', { name: /huadian.*派任务/ }).waitFor()

    await security.button('调整辖区').click()
    await open(security).getByLabel('可代说的辖区').selectOption('220281')
    await open(security).getByText('增加：蛟河市').waitFor()
    await open(security).getByRole('button', { name: '去掉 桦甸市' }).click()
    await open(security).getByText('收回：桦甸市').waitFor()
    await open(security).getByRole('button', { name: '保存' }).click()
    await security.page.getByRole('row', { name: /huadian.*已信任.*蛟河市/ }).waitFor()
    await security.keep('neighbours')

    await security.button('不再信任').click()
    await open(security).locator('textarea').fill('桦甸来电：机器失窃')
    await open(security).getByRole('button', { name: '不再信任' }).click()
    await security.sees('原因：桦甸来电：机器失窃')
    await security.page.getByRole('row', { name: /huadian.*不再信任/ }).waitFor()
  })

  await chapter('who may not see a page between nodes has no entry to it, and is told so by its address', async () => {
    const engineer = await as('luojiaju', { width: 1600, height: 900 })
    await engineer.go('/link/errands')
    await engineer.sees('没有等人处置的事项')
    const side = engineer.page.getByRole('navigation', { name: '栏目' })
    assert.equal(await side.getByRole('link', { name: '外发事项' }).count(), 1)
    assert.equal(await side.getByRole('link', { name: '邻节点' }).count(), 0)
    await engineer.go('/link/neighbours')
    await engineer.sees('没有查看本页的权限')
    await engineer.sees('node.trust')
    // The page itself asks for nothing that would be refused, and offers nothing.
    assert.deepEqual(engineer.faults, [])
    assert.equal(await engineer.page.getByRole('button', { name: '信任密钥' }).count(), 0)
    await engineer.page.getByRole('link', { name: '回到首页' }).waitFor()
  })
}

/** A province and a county, each a node of its own; what goes between them is carried as files. */
export async function tellOfTwoNodes({ chapter, as, browser }) {
  const county = await startDemo('huadian')
  try {
    await tell({ chapter, as, browser, county })
  } finally {
    await county.stop()
  }
}

async function tell({ chapter, as, browser, county }) {
  const size = { width: 1600, height: 900 }
  const there = []
  const atCounty = async (account) => {
    const who = await person(browser, county, account, size)
    there.push(who)
    return who
  }
  const open = (who) => who.page.locator('dialog[open]')

  let security, countySecurity, system, countySystem, chief, leader, incident
  const task = '加派一队到桦树林村，逐户敲门'

  /** What the page says to read aloud. */
  async function fingerprint(who) {
    await who.go('/link/neighbours')
    return who.page.getByLabel('指纹', { exact: true }).first().innerText()
  }
  async function trusts(who, origin, digits, region) {
    await who.go('/link/neighbours')
    await who.button('信任密钥').click()
    await open(who).getByLabel('节点名').fill(origin)
    await open(who).getByRole('textbox', { name: '指纹' }).fill(digits)
    await open(who).getByLabel('可代说的辖区').selectOption(region)
    await open(who).getByLabel(/核对过整串指纹/).check()
    await open(who).getByRole('button', { name: '信任密钥' }).click()
    await who.page.getByRole('row', { name: new RegExp(`${origin}.*已信任`) }).click()
    await who.page.keyboard.press('e')
    await open(who).getByLabel('辖区', { exact: true }).selectOption('220000')
    await open(who).getByRole('button', { name: '保存' }).click()
    await who.sees('密级至内部')
  }
  /** A segment from one system officer's page to the other's. */
  async function carried(from, to, receiver, sender) {
    await from.go('/link/segments')
    const row = from.page.getByRole('row', { name: new RegExp(receiver) })
    const waited = from.page.waitForEvent('download')
    await row.getByRole('button', { name: '下载数据段' }).click()
    const download = await waited
    const path = `${OUT}/${download.suggestedFilename()}`
    await download.saveAs(path)
    const last = Number(/(\d+)-(\d+)/.exec(download.suggestedFilename())?.[2])
    assert.ok(last > 0, download.suggestedFilename())
    await to.go('/link/segments')
    await to.page.locator('input[type=file]').setInputFiles(path)
    await to.sees(new RegExp(`已收下 ${sender} 第 \\d+ 至 ${last} 条`))
    // What is brought by hand is noted by hand.
    await row.getByRole('button', { name: '改已送序号' }).click()
    await open(from).getByLabel('对方已有的最后一条').fill(String(last))
    await open(from).getByRole('button', { name: '改已送序号' }).click()
    await from.sees(`第 ${last.toLocaleString('en-US')} 条`)
  }

  await chapter('a province and a county trust each other, and say what the other may read and ask', async () => {
    security = await as('security', size)
    countySecurity = await atCounty('security')
    const [ours, theirs] = [await fingerprint(security), await fingerprint(countySecurity)]
    assert.notEqual(ours, theirs)
    await trusts(security, 'huadian', theirs, '220282').catch(async (error) => {
      await security.keep('nodes-trust')
      throw error
    })
    await trusts(countySecurity, 'demo', ours, '220000')
    await countySecurity.page.keyboard.press('g')
    await open(countySecurity).getByLabel('事项').selectOption('task.assign')
    await open(countySecurity).getByLabel('辖区', { exact: true }).selectOption('220282')
    await open(countySecurity).getByRole('button', { name: '准许' }).click()
    await countySecurity.page.getByRole('row', { name: /demo.*派任务/ }).waitFor()
  })

  await chapter("the county's incident reaches the province in a file, and is seen there as the county's", async () => {
    const officer = await atCounty('hanlichun')
    await officer.go('/command/intake')
    await officer.button(/接报/).click()
    await officer.page.locator('textarea[name=what]').fill('桦树林村河水漫过便桥，有人被困')
    await officer.page.locator('select[name=hazard]').selectOption('flood')
    await officer.page.locator('select[name=region]').selectOption('220282')
    await officer.page.keyboard.press('Control+Enter')
    await officer.page.waitForURL(/\/command\/incidents\/[0-9a-f-]{36}/)
    incident = new URL(officer.page.url()).pathname
    await officer.button(/派任务/).click()
    await open(officer).getByLabel('任务').fill('先到便桥两端拉警戒线')
    const labels = await open(officer).locator('option').allTextContents()
    await open(officer).getByLabel('受令人').selectOption({ label: labels.find((label) => label.includes('赵启明')).trim() })
    await open(officer).getByRole('button', { name: /派任务/ }).click()
    await officer.sees('先到便桥两端拉警戒线')

    system = await as('system', size)
    countySystem = await atCounty('system')
    await carried(countySystem, system, 'demo', 'huadian')
    await system.keep('segments')
    chief = await as('sunyiwen', size)
    await chief.go(incident)
    await chief.sees('归 huadian')
    assert.equal(await chief.page.getByRole('button', { name: /结束事件/ }).count(), 0)
  })

  await chapter('the province asks for a task there, and the county does it and answers', async () => {
    await chief.button(/请求派任务/).click()
    await open(chief).getByLabel('任务', { exact: true }).fill(task)
    await open(chief).getByLabel('受令人').selectOption({ label: '赵启明' })
    await open(chief).getByRole('button', { name: '请求派任务' }).click()
    await chief.page.waitForURL(/\/link\/requests\?request=/)
    await chief.page.getByRole('row', { name: new RegExp(`等答复.*${task}.*我方提出`) }).waitFor()

    await carried(system, countySystem, 'huadian', 'demo')
    const leaderThere = await atCounty('zhoumu')
    await leaderThere.go('/link/requests')
    await leaderThere.page.getByRole('row', { name: new RegExp(`已办.*${task}.*对方提出`) }).waitFor()
    await carried(countySystem, system, 'demo', 'huadian')
    // Nobody touches the province's page meanwhile.
    await chief.page.getByRole('row', { name: new RegExp(`已办.*${task}.*我方提出`) }).waitFor()
    await chief.keep('requests')
    await chief.page.getByRole('link', { name: '查看任务' }).click()
    await chief.sees(task)
  })

  await chapter('one person proposes to take over from the county, another confirms, and it is given back', async () => {
    await chief.go('/link/custody')
    const row = chief.page.getByRole('row', { name: /huadian/ })
    await row.getByRole('button', { name: '提出接管' }).click()
    await open(chief).locator('textarea').fill('县局机房进水，值班电话无人接听')
    await open(chief).getByRole('button', { name: '提出接管' }).click()
    await chief.sees('你提出的，须由另一个人确认')
    assert.equal(await chief.page.getByRole('button', { name: '确认接管' }).count(), 0)
    leader = await as('zhoumu', size)
    await leader.go('/link/custody')
    await leader.button('确认接管').click()
    await open(leader).getByRole('button', { name: '确认接管' }).click()
    await leader.sees('demo 接管 huadian')
    await leader.keep('custody')
    // What could only be looked at before can be acted on now.
    await chief.go(incident)
    await chief.page.getByRole('button', { name: /结束事件/ }).first().waitFor()
    assert.equal(await chief.page.getByText('归 huadian').count(), 0)

    await leader.page.getByRole('row', { name: /huadian/ }).getByRole('button', { name: '交还' }).click()
    await open(leader).locator('textarea').fill('县局已恢复')
    await open(leader).getByRole('button', { name: '交还' }).click()
    await leader.sees('demo 移交给 huadian')
    await chief.sees('归 huadian')
  })

  await chapter('nobody at the county saw an error', async () => {
    for (const who of there) assert.deepEqual(who.faults, [])
  })
}
