// Asking a station: a query that waits for it, the answer with its bytes, a setting with a
// reason and a second look, and who may not.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { BINARY, STATION } from './driver.mjs'

/** A station that stays on the line and answers what it is asked, until it is told to go. */
function simulated(demo) {
  const args = ['simulate', 'sl651', '--to', demo.sl651, '--station', STATION, '--base', '261.8', '--crest', '261.9', '--period', '3600']
  const child = spawn(BINARY, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return {
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

export async function tellOfCommands({ chapter, as, demo }) {
  const stations = []
  try {
    await tell({ chapter, as, demo }, stations)
  } finally {
    for (const station of stations) await station.stop()
  }
}

async function tell({ chapter, as, demo }, stations) {
  const engineer = await as('luojiaju', { width: 1600, height: 1000 })
  const { page } = engineer
  const first = page.getByRole('list', { name: '命令记录' }).getByRole('listitem').first()

  await chapter('a query waits for a station that is on no line, and can be taken back', async () => {
    await engineer.go('/data/sources')
    const found = await page.evaluate(async (code) => {
      const answer = await fetch(`/api/stations?q=${code}`)
      return (await answer.json()).items[0].id
    }, STATION)
    await engineer.go(`/data/stations/${found}`)
    await engineer.sees('还没有向此站下发过命令')
    await engineer.sees('不在线：查询和设置等它上报后下发')
    await page.keyboard.press('c')
    assert.ok(await page.getByLabel('命令', { exact: true }).evaluate((control) => control === document.activeElement))
    await page.getByLabel('命令', { exact: true }).selectOption('4C')
    await engineer.sees('控制命令只在测站在线时下发，不排队')
    assert.ok(await engineer.button('下发').isDisabled())
    await engineer.keep('command-control-offline')
    await page.getByLabel('命令', { exact: true }).selectOption('37')
    await engineer.button('下发查询').click()
    await first.getByText('等待下发', { exact: false }).first().waitFor()
    await page.getByLabel('命令', { exact: true }).selectOption('45')
    await engineer.button('下发查询').click()
    await first.getByText('查询遥测终端软件版本').waitFor()
    await engineer.keep('command-waits')
    await first.getByRole('button', { name: '撤回' }).click()
    await first.getByText('已撤回').waitFor()
  })

  await chapter('the station reports, is asked what waited, and its answer is there with its bytes', async () => {
    stations.push(simulated(demo))
    const waited = page.getByRole('listitem').filter({ hasText: '查询遥测站实时数据' }).first()
    await waited.getByText('已应答').waitFor()
    await waited.getByText('瞬时河道水位、潮位（Z）').waitFor()
    await engineer.sees('在线：可立即下发')
    await waited.getByText('参数与报文').click()
    await waited.getByText('下发报文').waitFor()
    await waited.getByText('应答报文').waitFor()
    await waited.getByText('查询遥测站实时数据', { exact: false }).first().waitFor()
    await engineer.keep('command-answered')
  })

  await chapter('a setting wants a reason and a second look, and is read back', async () => {
    await page.getByLabel('命令', { exact: true }).selectOption('42')
    await engineer.button('下发').click()
    await engineer.sees('至少 2 个字')
    await page.getByLabel('参数', { exact: true }).selectOption('28')
    await page.getByLabel('水位基值1', { exact: true }).fill('260.5')
    await page.getByLabel('原因（记入日志）').fill('断面改建后校正')
    await engineer.keep('command-setting')
    await engineer.button('下发').click()
    const dialog = page.locator('dialog')
    await dialog.getByText('断面改建后校正').waitFor()
    await engineer.keep('command-confirm')
    await dialog.getByRole('button', { name: '下发' }).click()
    await first.getByText('修改遥测站运行参数配置表').waitFor()
    await first.getByText('已应答').waitFor()
    await page.getByLabel('命令', { exact: true }).selectOption('43')
    await page.getByLabel('参数', { exact: true }).selectOption('28')
    await engineer.button('下发查询').click()
    await first.getByText('水位基值1（28）').waitFor()
    await first.getByText('260.5 m').waitFor()
    await page.getByLabel('命令', { exact: true }).selectOption('48')
    await page.getByLabel('原因（记入日志）').fill('恢复出厂')
    await engineer.button('下发').click()
    assert.ok(await dialog.getByRole('button', { name: '下发' }).isDisabled(), 'what is dangerous is considered first')
    await engineer.keep('command-danger')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  await chapter('who may query may not set, and reads why', async () => {
    const officer = await as('hanlichun', { width: 1600, height: 1000 })
    await officer.go(new URL(page.url()).pathname)
    await officer.sees('您没有“远程设置和控制测站”权限，只能查询')
    await officer.sees('断面改建后校正')
    await officer.keep('command-officer')
  })
}
