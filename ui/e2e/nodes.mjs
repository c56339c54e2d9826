// What people decide about other nodes, in the same run as the story from rain to task.
import assert from 'node:assert/strict'

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
    await engineer.page.getByText('你没有这项权限').first().waitFor()
    // That is what is told here, and no fault of the page.
    const refused = engineer.faults.splice(0)
    assert.ok(refused.length > 0 && refused.every((fault) => /^403 .*\/api\/neighbours$/.test(fault)), String(refused))
  })
}
