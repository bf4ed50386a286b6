// The register is kept in the browser: a household is entered, changes, and comes in and goes out as a workbook.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fitsItsWidth, isAccessible, openBrowser, PHONE, show, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';
import type { Page } from '../../web/node_modules/playwright-core/index.d.ts';

let office: Office;
let window: Window;
let page: Page;
let household = '';

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  page = await window.page({ reducedMotion: 'reduce', acceptDownloads: true });
  await signIn(page, office, 'office');
  await page.waitForURL('**/today');
});

after(async () => {
  await window?.end();
  await office?.end();
});

const sheet = () => page.locator('dialog');

async function act(name: string, of?: string): Promise<void> {
  await page.getByRole('button', { name: of ? `变更${of}的信息` : '变更', exact: true }).first().click();
  await sheet().getByRole('button', { name }).click();
}

async function save(reason: string): Promise<void> {
  await sheet().locator('#ask-reason').fill(reason);
  await sheet().getByRole('button', { name: '保存' }).click();
  await sheet().waitFor({ state: 'detached' });
}

test('a household is registered with its head', async () => {
  await show(page, office, '/register');
  await page.selectOption('#new-village', { index: 3 });
  await page.fill('#new-name', '周试验');
  await page.selectOption('#new-sex', { label: '男' });
  await page.fill('#new-birth', '1975-03-02');
  await page.fill('#new-reason', '入户核实');
  await page.locator('form').getByRole('button', { name: '登记新户' }).click();
  await page.getByRole('link', { name: '打开农户页面' }).click();
  await page.waitForURL('**/households/*');
  household = new URL(page.url()).pathname;
  await page.getByRole('heading', { name: '周试验户' }).waitFor();
});

test('a mistake stands at its field, and what was typed stays', async () => {
  await show(page, office, household);
  await act('增加成员');
  await page.selectOption('#ask-arrival', { label: '出生' });
  await page.fill('#ask-name', '周小满');
  await page.selectOption('#ask-relation', { label: '子女' });
  await page.fill('#ask-day', '2010-01-01');
  await page.fill('#ask-reason', '户口簿');
  await sheet().getByRole('button', { name: '保存' }).click();
  await sheet().locator('[role=alert]').first().waitFor();
  assert.equal(await page.inputValue('#ask-name'), '周小满');
  await isAccessible(page, 'arrival');
  await page.keyboard.press('Escape');
});

test('somebody is born, moves away by mistake, and the day of each stands in the history', async () => {
  await show(page, office, household);
  await act('增加成员');
  await page.selectOption('#ask-arrival', { label: '出生' });
  await page.fill('#ask-name', '周小满');
  await page.selectOption('#ask-sex', { label: '女' });
  await page.fill('#ask-birth', '2019-06-01');
  await page.selectOption('#ask-relation', { label: '子女' });
  await save('出生医学证明');
  await page.getByText('周小满').first().waitFor();
  await page.getByRole('heading', { name: '家庭成员 2' }).waitFor();
  await act('减少成员', '周小满');
  await page.selectOption('#ask-departure', { label: '迁出' });
  await save('随外祖父母生活');
  await page.getByRole('heading', { name: '家庭成员 1' }).waitFor();
  await page.locator('.timeline li', { hasText: '迁出' }).waitFor();
  await page.locator('.timeline li', { hasText: '出生' }).getByText('本人（区领导小组办公室）').waitFor();
});

test('fields, income, status and a masked value', async () => {
  await show(page, office, household);
  await act('修改户信息');
  await page.selectOption('#ask-main_cause', { label: '缺技术' });
  await page.fill('#ask-arable_mu', '3.5');
  await save('入户核实');
  await page.getByText('缺技术').first().waitFor();
  await page.getByRole('button', { name: '登记收入' }).click();
  await sheet().getByRole('button', { name: '2019 年收入' }).click();
  await page.fill('#ask-wage', '12000');
  await save('银行流水');
  await page.locator('.chart rect.wage').first().waitFor();
  await act('变更户状态');
  await page.selectOption('#ask-to', { label: '贫困户' });
  await save('评议、核实、公示后列入');
  await page.locator('.state', { hasText: '贫困户' }).waitFor();
  await act('修改个人信息', '周试验');
  await page.fill('#ask-phone', '12800001234');
  await save('本人提供');
  await page.getByRole('button', { name: '查看周试验的隐藏信息' }).click();
  await page.selectOption('#private-field', { label: '手机号码' });
  await page.fill('#private-reason', '电话核实');
  await sheet().getByRole('button', { name: '查看', exact: true }).click();
  await sheet().getByText('12800001234').waitFor();
  await page.keyboard.press('Escape');
});

test('a member founds a household of his own', async () => {
  await show(page, office, '/households?status=exited_supported');
  await page.locator('tbody tr').filter({ has: page.locator('td.number', { hasText: /^4$/ }) }).first().locator('a').click();
  await page.waitForURL('**/households/*');
  await act('分户');
  const row = sheet().locator('li', { has: page.locator('input[type=checkbox]') }).nth(2);
  await row.locator('input').check();
  await row.locator('select').selectOption({ label: '户主' });
  await save('本人申请分户');
  await page.getByRole('heading', { name: '家庭成员 3' }).waitFor();
});

test('the national workbook goes out and comes back the same', async () => {
  await show(page, office, '/register');
  await page.getByLabel(/含完整证件号码/).check();
  await page.getByLabel('依据或说明').last().fill('核对用');
  const [kept] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出工作簿' }).click()]);
  const file = join(office.folder, 'register.xlsx');
  await kept.saveAs(file);
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('button', { name: '比对', exact: true }).click();
  const report = page.locator('.report');
  await report.waitFor();
  const told = await report.innerText();
  assert.match(told, /变化 0/);
  assert.match(told, /相同 1[23]\d\d/);
});

test('wrong rows of the national workbook come back marked', async () => {
  await show(page, office, '/register');
  const code = (await page.evaluate(async () => ((await (await fetch('/api/v1/households?limit=1&listed=true')).json()) as { items: { code: string }[] }).items[0]?.code)) ?? '';
  const lines = ['户编号,姓名,性别', `${code},,猫`, '460108199901019999,查无此户,男'];
  await page.setInputFiles('input[type=file]', { name: '六月更新.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  await page.getByRole('button', { name: '比对', exact: true }).click();
  await page.locator('.report .bad').first().waitFor();
  const [marked] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载标错的工作簿' }).click()]);
  assert.equal(marked.suggestedFilename(), '六月更新（标错）.xlsx');
  const bytes = readFileSync(await marked.path());
  assert.equal(bytes.subarray(0, 2).toString(), 'PK');
  await isAccessible(page, 'the comparison of a workbook');
});

test('a snapshot is frozen once', async () => {
  await show(page, office, '/register');
  await page.getByRole('button', { name: /固定快照/ }).click();
  await page.locator('.line', { hasText: '2018-H2' }).waitFor();
  await page.getByRole('button', { name: /固定快照/ }).click();
  await page.locator('[role=alert]').first().waitFor();
});

test('the page of the register fits a phone and has no serious barrier', async () => {
  await page.setViewportSize(PHONE);
  await show(page, office, '/register');
  await fitsItsWidth(page, 'register');
  await isAccessible(page, 'register');
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
