// The chapter of tables that people bring: a bad workbook, looked through and taken.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'

const WORKBOOK = fileURLToPath(new URL('../../fixtures/import/stations_with_mistakes.xlsx', import.meta.url))

export async function tellOfImports({ chapter, as }) {
  await chapter('an engineer brings a workbook with mistakes, and sees each row before anything is written', async () => {
    const engineer = await as('luojiaju', { width: 1920, height: 1080 })
    await engineer.go('/survey/imports')
    await engineer.page.getByLabel('登记表').selectOption({ label: '测站' })
    await engineer.page.locator('input[type=file]').setInputFiles(WORKBOOK)
    await engineer.sees('检查结果（尚未写入）')
    await engineer.page.getByRole('button', { name: /确认登记/ }).waitFor()
    for (const fault of ['没有填写', '与文件中前面的行重复', '是公式，不是值', '是合并的单元格', '不认识的坐标系']) await engineer.sees(fault)
    await engineer.keep('import-ready')
    const report = engineer.page.waitForEvent('download')
    await engineer.page.getByRole('button', { name: '下载退回报告' }).click()
    await (await report).path()
    await engineer.page.getByRole('button', { name: /确认登记/ }).click()
    await engineer.sees('登记结果')
    await engineer.page.locator('.panel', { hasText: '已完成' }).first().waitFor()
    await engineer.keep('import-done')
    await engineer.go('/monitor/hazard/stations')
    await engineer.page.getByLabel('站名或站码').fill('末站')
    await engineer.page.getByRole('row', { name: /末站/ }).waitFor()
  })

  await chapter('the divisions of a day are walked down to a town', async () => {
    const engineer = await as('luojiaju', { width: 1280, height: 720 })
    await engineer.go('/atlas/regions')
    for (const name of ['吉林省', '吉林市', '桦甸市']) await engineer.page.getByRole('row', { name: new RegExp(name) }).first().click()
    await engineer.page.getByRole('row', { name: /镇/ }).first().waitFor()
    await engineer.keep('regions')
  })

  await chapter('a year of working days is seen at a sight, and the next one is brought with a preview', async () => {
    const system = await as('system', { width: 1600, height: 900 })
    await system.go('/atlas/calendar?year=2026')
    await system.page.getByLabel(/^2026-10-01 放假 国庆/).waitFor()
    await system.page.getByLabel(/^2026-10-10 调休上班 国庆/).waitFor()
    await system.keep('calendar')
    await system.page.getByRole('button', { name: '下一年' }).click()
    await system.sees('没有 2027 年的通知。')
    await system.sees(/天没有通知可依/)
    const text = system.page.getByLabel('内容')
    await text.fill('year,2027\ntitle,虚构的通知\nsource,虚构\nrest,2027-02-30,,春节')
    await system.page.getByRole('button', { name: '检查并预览' }).click()
    await system.sees(/line 4 has the date/)
    await text.fill('year,2027\ntitle,虚构的通知\nsource,虚构\nrest,2027-01-01,2027-01-03,元旦\nwork,2027-01-10,,元旦')
    await system.page.getByRole('button', { name: '检查并预览' }).click()
    await system.sees('预览：2 天与现在不同，已框出；尚未载入。')
    await system.keep('calendar-preview')
    // What was typed wrong at first was refused, as it should be.
    const refused = system.faults.splice(0)
    assert.ok(refused.every((fault) => /^422 .*\/api\/calendar\/notices\/look$/.test(fault)), refused.join('\n'))
    await system.page.getByRole('button', { name: '载入 2027 年' }).click()
    await system.sees('虚构的通知')
    await system.page.getByLabel('2027-01-10 调休上班 元旦').waitFor()
  })
}
