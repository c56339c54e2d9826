// The chapter of tables that people bring: a bad workbook, looked through and taken.
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
}
