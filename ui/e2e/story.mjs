// From rain to task, as the people of a duty room see it: nothing is entered by SQL,
// and nothing is asked of the server but what these pages ask.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mapIsDrawn, openBrowser, OUT, person, PICTURES, riverRises, startDemo, stranger, taken, variance } from './driver.mjs'
import { tellOfCommands } from './commands.mjs'
import { tellOfSenders } from './senders.mjs'
import { tellOfManual } from './manual.mjs'
import { tellOfNodes, tellOfTwoNodes } from './nodes.mjs'
import { tellOfImports } from './imports.mjs'
import { tellOfPlaces } from './places.mjs'
import { tellOfRegisters } from './registers.mjs'
import { tellOfTour } from './tour.mjs'

let passed = 0
let failed = 0
async function chapter(title, tell) {
  const began = Date.now()
  try {
    await tell()
    passed += 1
    console.log(`ok   ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed += 1
    console.log(`FAIL ${title}\n${error.stack ?? error}`)
    throw error
  }
}

const demo = await startDemo()
const browser = await openBrowser()
const everybody = []
const as = async (account, size) => {
  const who = await person(browser, demo, account, size)
  everybody.push(who)
  return who
}

let officer, chief, leader, team
let warning, incident, lastWrite

try {
  await chapter('the map is drawn, with counties and labels', async () => {
    officer = await as('hanlichun', { width: 1600, height: 900 })
    await officer.go('/map')
    const names = await mapIsDrawn(officer.page)
    assert.ok(names.some((name) => /南关区|长春市/.test(String(name))), `under Changchun: ${names}`)
    assert.ok((await variance(officer.page, officer.page.locator('canvas.maplibregl-canvas'))) > 30)
    await officer.keep('map')
  })

  await tellOfTour({ chapter, as })

  await chapter('a river rises, and the desk says so without being asked', async () => {
    await officer.go('/duty')
    await officer.sees('没有需要你办的事')
    await riverRises(demo, 262.0, 262.9)
    await officer.sees(/青石湾站.*黄色/)
    await officer.keep('duty')
  })

  await chapter('the chief reviews what a rule proposed', async () => {
    chief = await as('sunyiwen', { width: 1600, height: 900 })
    await chief.go('/warn')
    await chief.page.getByText('青石湾站 洪水黄色预警').first().click()
    await chief.page.waitForURL(/\/warn\/[0-9a-f-]{36}/)
    warning = new URL(chief.page.url()).pathname
    await chief.sees('水位超警戒')
    await chief.button(/审核通过/).click()
    await chief.page.locator('dialog textarea, [role=dialog] textarea').first().fill('上游同步上涨，同意')
    await chief.page.locator('dialog, [role=dialog]').getByRole('button', { name: /审核通过/ }).click()
    await chief.sees('待签发')
    await chief.keep('warning-reviewed')
  })

  await chapter('the leader signs, and the warning has its number', async () => {
    leader = await as('zhoumu', { width: 1600, height: 900 })
    await leader.go(warning)
    await leader.button(/^签发/).click()
    await leader.page.locator('dialog, [role=dialog]').getByRole('button', { name: /^签发/ }).click()
    await leader.sees('生效中')
    await leader.sees(/Y-220282-\d{4}-\d{2}/)
    await leader.keep('warning-issued')
  })

  await chapter('the warning is printed as a document of its own', async () => {
    await leader.page.emulateMedia({ media: 'print' })
    const said = await leader.page.locator('article.sheet').innerText()
    for (const part of [/Y-220282-\d{4}-\d{2}/, /周牧/, /一、类别/, /二、级别/, /三、起始时间/, /四、可能影响范围/, /五、警示事项/, /六、应采取措施/, /七、有效期至/, /演示数据，不得对外发布/]) {
      assert.match(said, part)
    }
    assert.equal(await leader.page.locator('header.head').isVisible(), false, 'the screen is left out')
    const pdf = await leader.page.pdf({ preferCSSPageSize: true, path: `${OUT}/warning.pdf` })
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []
    assert.ok(pages.length === 1 || pages.length === 2, `${pages.length} pages`)
    await leader.page.emulateMedia({ media: 'screen' })
  })

  await chapter('the warning stands on the map', async () => {
    await officer.go('/map')
    await mapIsDrawn(officer.page)
    await officer.sees(/青石湾站 洪水黄色预警/)
    await officer.keep('map-warning')
  })

  await chapter('the map goes back to what was known, and says so', async () => {
    await officer.page.keyboard.press('ArrowLeft')
    await officer.sees(/回放 \d\d-\d\d \d\d:\d\d/)
    await officer.sees('当时生效预警 0')
    await officer.misses(/青石湾站 洪水黄色预警/)
    await officer.keep('map-past')
    await officer.page.keyboard.press('End')
    await officer.sees(/青石湾站 洪水黄色预警/)
    await officer.misses(/^回放 \d\d-/)
  })

  await chapter('one click makes it an incident, and a task goes out', async () => {
    await officer.go(warning)
    await officer.button(/转为事件/).click()
    await officer.page.locator('dialog, [role=dialog]').getByRole('button', { name: /转为事件/ }).click()
    await officer.page.waitForURL(/\/command\/incidents\/[0-9a-f-]{36}/)
    incident = new URL(officer.page.url()).pathname
    await officer.sees(/E-\d{4}-\d{2}/)
    await officer.button(/派任务/).click()
    const dialog = officer.page.locator('dialog, [role=dialog]')
    await dialog.getByLabel('任务').fill('沿江低洼户巡查，做好转移准备')
    await dialog.getByLabel('受令人').selectOption({ label: await optionWith(dialog, '赵启明') })
    await dialog.getByRole('button', { name: /派任务/ }).click()
    await officer.sees('沿江低洼户巡查，做好转移准备')
    await officer.keep('incident')
  })

  await chapter('the team accepts and finishes on a phone', async () => {
    team = await as('zhaoqiming', { width: 390, height: 844 })
    await team.go('/command/tasks')
    await team.sees('沿江低洼户巡查，做好转移准备')
    await team.button(/^接受/).click()
    await team.button(/^完成/).click()
    await team.page.locator('dialog, [role=dialog]').locator('textarea').fill('8 村 213 户已走到，无人员受困')
    const written = team.page.waitForResponse((response) => /\/api\/tasks\/.*\/finish$/.test(response.url()))
    await team.page.locator('dialog, [role=dialog]').getByRole('button', { name: /完成/ }).click()
    lastWrite = Number((await written).headers()['fengsui-seq'])
    await team.sees(/已完成/)
    await team.keep('phone')
  })

  await chapter('on a telephone every page is in one menu, and none is wider than the screen', async () => {
    await team.page.getByRole('button', { name: '主菜单' }).click()
    const menu = team.page.getByRole('navigation', { name: '主菜单' })
    const links = await menu.getByRole('link').evaluateAll((all) => all.map((each) => new URL(each.href).pathname))
    assert.ok(links.length >= 8, `only ${links}`)
    await menu.getByRole('link', { name: '处置时效' }).click()
    await team.page.waitForURL(/\/command\/response-times/)
    for (const path of links) {
      await team.go(path)
      await team.page.locator('main').waitFor()
      await team.page.waitForTimeout(300)
      const [wide, screen] = await team.page.evaluate(() => [Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth), innerWidth])
      assert.ok(wide <= screen, `${path} is ${wide} wide on a screen of ${screen}`)
    }
  })

  await chapter('how long each step took is told at once, with what is still waited for', async () => {
    // The read waits for the last fact that the page heard of, which is the task's end.
    assert.ok(lastWrite > 0, `the task's end has no number: ${lastWrite}`)
    const read = chief.page.waitForResponse((response) => {
      const url = new URL(response.url())
      return url.pathname === '/api/response-times' && Number(url.searchParams.get('after')) >= lastWrite && response.ok()
    })
    await chief.go('/command/incidents')
    await chief.page.getByRole('link', { name: '处置时效' }).click()
    await chief.page.waitForURL(/\/command\/response-times/)
    const { items, view } = await (await read).json()
    assert.ok(view.seq >= lastWrite, `the view is at ${view.seq}, the task was done at ${lastWrite}`)
    const matter = items.find(({ incident: id }) => id === incident.split('/').at(-1))
    assert.ok(matter, `no row of ${incident} among ${items.length}`)
    assert.deepEqual(matter.took.map(({ step }) => step), ['review', 'issue', 'open', 'assign', 'accept', 'do'])
    assert.equal(matter.waiting.step, 'close')
    // From the proposal to the task's end is as long as its steps together, to the seconds cut off.
    const whole = (Date.parse(matter.moments.done) - Date.parse(matter.moments.began)) / 1000
    const together = matter.took.reduce((sum, { seconds }) => sum + seconds, 0)
    assert.ok(whole > 0 && Math.abs(whole - together) <= matter.took.length, `${together} s of ${whole} s`)
    const row = chief.page.getByRole('row', { name: /青石湾站 洪水黄色预警/ })
    await row.getByText('待结束').waitFor()
    await row.getByText('最慢').waitFor()
    await row.getByTitle(/用时/).nth(5).waitFor()
    assert.equal(await row.getByTitle(/用时/).count(), 6)
    await chief.keep('response-times')
    await row.getByRole('link', { name: /^预警 / }).click()
    await chief.page.waitForURL((url) => url.pathname === warning)
    await chief.page.goBack()
    await row.getByRole('link', { name: /^事件 / }).click()
    await chief.page.waitForURL((url) => url.pathname === incident)
  })

  await chapter('the incident shows it live, and leads back to the reading', async () => {
    await officer.sees(/无人员受困|完成任务|任务.*完成/)
    await officer.page.getByRole('link', { name: '引用预警' }).click()
    await officer.page.waitForURL((url) => url.pathname === warning)
    await officer.page.getByRole('link', { name: /青石湾站|读数/ }).first().click()
    await officer.page.waitForURL(/\/monitor\/hazard\/stations\//)
    await officer.sees('水位超警戒')
    await officer.page.locator('.uplot, canvas').first().waitFor()
    await officer.keep('station')
  })

  await chapter('the officer takes the readings of the station along', async () => {
    await officer.page.getByRole('button', { name: '导出' }).click()
    const dialog = officer.page.getByRole('dialog')
    await officer.sees(/本次导出记入审计/)
    await officer.keep('export')
    const taken = officer.page.waitForEvent('download')
    await dialog.getByRole('button', { name: '导出' }).click()
    const file = await taken
    assert.match(file.suggestedFilename(), /^readings-\d{4}-\d\d-\d\d\.csv$/)
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\n')
    assert.equal(lines[0], 'sensor,time,value,grade,quality,received')
    assert.ok(lines.some((line) => line.includes(',262.9,good,')), lines.slice(0, 5).join('\n'))
  })

  await chapter('a call becomes an incident by keyboard within twenty seconds', async () => {
    await officer.go('/duty')
    await officer.sees('值班日志')
    const began = Date.now()
    await officer.page.keyboard.press('n')
    await officer.page.waitForURL(/\/command\/intake\//)
    await officer.page.locator('textarea[name=what]').waitFor()
    await officer.page.keyboard.type('口前镇柳条沟村民报气味刺鼻、有人咳嗽', { delay: 20 })
    await officer.page.keyboard.press('Tab')
    await officer.page.keyboard.type('口前镇柳条沟村', { delay: 20 })
    await officer.page.locator('select[name=hazard]').selectOption('hazardous_chemical')
    await officer.page.locator('select[name=region]').selectOption('220221')
    await officer.sees(/已保存/)
    await officer.page.keyboard.press('Control+Enter')
    await officer.page.waitForURL(/\/command\/incidents\/[0-9a-f-]{36}/)
    const seconds = (Date.now() - began) / 1000
    console.log(`     ${seconds.toFixed(1)} s from the key to the incident`)
    await officer.sees(/E-\d{4}-\d{2}/)
    await officer.keep('call')
  })

  await chapter('a stranger knocks, and an engineer makes a station of it by keyboard', async () => {
    await stranger(demo, '0010829901')
    const engineer = await as('luojiaju', { width: 1920, height: 1080 })
    await engineer.go('/data/sources')
    await engineer.sees('0010829901')
    await engineer.page.keyboard.press('y')
    const dialog = engineer.page.locator('dialog')
    await dialog.getByLabel('站名').fill('柳条沟站')
    await dialog.getByLabel('辖区').selectOption('220221')
    await engineer.page.keyboard.press('Enter')
    await engineer.sees('已建站：柳条沟站')
    await engineer.sees('没有等候的设备')
    await engineer.keep('sources')
    await engineer.go('/monitor/hazard/stations')
    await engineer.page.getByLabel('站名或站码').fill('0010829901')
    await engineer.page.getByRole('row', { name: /柳条沟站/ }).waitFor()
  })

  await tellOfSenders({ chapter, as, demo })
  await tellOfCommands({ chapter, as, demo })
  await tellOfRegisters({ chapter, as })
  await tellOfImports({ chapter, as })
  await tellOfNodes({ chapter, as })
  await tellOfTwoNodes({ chapter, as, browser })
  await tellOfPlaces({ chapter, as, demo })
  await tellOfManual({ chapter, as })

  await chapter('every picture of the manual was on a screen', async () => {
    assert.deepEqual([...PICTURES].filter((name) => !taken.has(name)), [])
  })

  await chapter('nobody saw an error', async () => {
    for (const who of everybody) assert.deepEqual(who.faults, [])
  })
} catch {
  // Told above; what was on the screens is kept for whoever looks.
  await Promise.all(everybody.map((who, at) => who.keep(`failed-${at}`).catch(() => {})))
} finally {
  await browser.close()
  await demo.stop()
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

/** The label of the option that names somebody. */
async function optionWith(dialog, name) {
  const labels = await dialog.locator('option').allTextContents()
  const label = labels.find((text) => text.includes(name))
  assert.ok(label, `nobody called ${name} among ${labels}`)
  return label.trim()
}
