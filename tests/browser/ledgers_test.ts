// A ledger by hand and by workbook: what is typed, pasted or imported is stored or said to be wrong, can be undone, and
// moves the lights of the households it is about.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { DESK, fitsItsWidth, isAccessible, openBrowser, PHONE, show, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';
import type { Locator, Page } from '../../web/node_modules/playwright-core/index.d.ts';

const WATER = '/ledgers/water';
const LITRES_TOO_FEW = '20'; // of 35 a day that make water enough

let office: Office;
let window: Window;
let page: Page;
let draft_page = '';

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  page = await window.page({ reducedMotion: 'reduce' });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: office.address });
  await signIn(page, office, 'office');
});

after(async () => {
  await window?.end();
  await office?.end();
});

function cell(row: number, column: string, on: Page = page): Locator {
  return on.locator('tbody tr').nth(row).locator(`td[data-column=${column}]`);
}

/** A cell as it reads, without the sentence about what is wrong with it. */
async function text(row: number, column: string): Promise<string> {
  return (await cell(row, column).evaluate((place) => [...place.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : '')).join(''))).trim();
}

async function stored(): Promise<void> {
  await page.getByText('已保存').waitFor();
}

async function csv(name: string, lines: string[]): Promise<void> {
  await show(page, office, WATER);
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  await page.waitForURL('**/ledger-imports/*');
}

async function outcomes(): Promise<string> {
  return (await page.locator('.figures-row').innerText()).replace(/\s+/g, ' ');
}

test('a cell typed by keyboard turns the light of its household, on a page that is open elsewhere', async () => {
  await show(page, office, WATER);
  const household = await page.locator('tbody th a').first().getAttribute('href');
  const other = await window.page();
  await signIn(other, office, 'leader');
  await other.goto(office.address + household);
  const light = other.locator('.light', { hasText: '饮水' });
  await light.and(other.locator('.met')).waitFor();
  await other.evaluate(() => ((globalThis as Record<string, unknown>).same_page = true));

  const before_it = await text(0, 'litres');
  await cell(0, 'source').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type(LITRES_TOO_FEW);
  await page.keyboard.press('Enter');
  await stored();
  assert.equal(await text(0, 'litres'), LITRES_TOO_FEW);
  await light.and(other.locator('.not_met')).waitFor();
  await light.click();
  await other.locator('.reason').first().click();
  await other.locator('dialog').getByText(LITRES_TOO_FEW, { exact: false }).first().waitFor();
  await other.keyboard.press('Escape');

  await page.keyboard.press('Control+z');
  await light.and(other.locator('.met')).waitFor();
  assert.equal(await text(0, 'litres'), before_it);
  assert.equal(await other.evaluate(() => (globalThis as Record<string, unknown>).same_page), true, 'the page was not loaded again');
  await other.context().close();
});

test('the panel beside the grid tells the history of the chosen cell', async () => {
  await cell(0, 'litres').click();
  const panel = page.locator('aside[aria-label="选中的格"]');
  await panel.getByText(`${LITRES_TOO_FEW} →`).waitFor();
  await panel.getByText('本人（区领导小组办公室）').first().waitFor();
});

test('a block from a spreadsheet: what is right is stored, what is wrong is marked and can be put right', async () => {
  await show(page, office, WATER);
  const before_it = await Promise.all([3, 4, 5].map((row) => text(row, 'litres')));
  await page.evaluate(() => navigator.clipboard.writeText('70\t5\t2\t检测合格\r\n5000\t6\t3\t不合格\r\n66\t6\t3\t说不清\r\n'));
  await cell(3, 'litres').click();
  await page.keyboard.press('Control+v');
  await page.getByText('2 格有误，没有保存。').waitFor();
  assert.match(await cell(4, 'litres').innerText(), /大于 1000/);
  assert.match(await cell(5, 'quality').innerText(), /说不清.*可填/s);

  await cell(5, 'quality').click();
  await page.keyboard.type('感官');
  await page.keyboard.press('Enter');
  await page.getByText('1 格有误，没有保存。').waitFor();
  assert.match(await text(5, 'quality'), /^感官正常/);

  await show(page, office, WATER);
  assert.deepEqual(await Promise.all([3, 5].map((row) => text(row, 'litres'))), ['70', '66']);
  assert.equal(await text(4, 'quality'), '不合格');

  // What is wrong is still there after leaving, with its reason, and is found again from elsewhere; let go, it is as it was.
  await page.getByText('1 格有误，没有保存。').waitFor();
  assert.equal(await text(4, 'litres'), '5000');
  assert.match(await cell(4, 'litres').innerText(), /大于 1000/);
  await page.getByRole('combobox', { name: '周期' }).selectOption({ label: '2018年' });
  await page.getByRole('button', { name: '下一处' }).click();
  await page.locator('td.wrong.chosen[data-column=litres]').waitFor();
  await page.getByRole('button', { name: '放弃没保存的' }).click();
  await page.getByRole('button', { name: '确认放弃' }).click();
  await page.locator('td.wrong').waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: '范围' }).first().selectOption('');
  await show(page, office, WATER);
  assert.equal(await text(4, 'litres'), before_it[1]);
});

test('what could not be sent is kept over a visit elsewhere, and sent when asked', async () => {
  await show(page, office, WATER);
  await page.route('**/api/v1/ledgers/water/rows', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await cell(9, 'litres').click();
  await page.keyboard.type('58');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.unroute('**/api/v1/ledgers/water/rows');
  await show(page, office, '/ledgers');
  await show(page, office, WATER);
  await page.getByText('1 格还没有保存。').waitFor();
  assert.equal(await text(9, 'litres'), '58');
  const stored_now = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/ledgers/water/rows') && answer.ok());
  await page.getByRole('button', { name: '再试一次' }).click();
  await stored_now;
  await page.waitForFunction(() => !JSON.stringify({ ...sessionStorage }).includes('58'));
  await show(page, office, WATER);
  assert.equal(await text(9, 'litres'), '58');
  assert.equal(await page.getByText('还没有保存').count(), 0);
});

test('cells are copied, filled down and taken back by keyboard', async () => {
  await show(page, office, WATER);
  await cell(6, 'litres').click();
  await page.keyboard.type('61');
  await page.keyboard.press('Enter');
  await stored();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  const before_it = [await text(7, 'litres'), await text(8, 'litres')];
  await page.keyboard.press('Control+d');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr')[8]?.querySelector('td[data-column=litres]')?.textContent?.trim() === '61');
  await page.keyboard.press('Control+c');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '61\n61\n61');
  await page.keyboard.press('Control+z');
  await stored();
  assert.deepEqual([await text(7, 'litres'), await text(8, 'litres')], before_it);
  await cell(6, 'litres').click();
  await page.keyboard.press('F2');
  await page.keyboard.type('9');
  await page.keyboard.press('Escape');
  assert.equal(await text(6, 'litres'), '61');
});

test('a workbook with good and wrong rows: looked at, written, undone', async () => {
  await show(page, office, WATER);
  const [code_of, names] = await page.evaluate(async () => {
    const read = (await (await fetch('/api/v1/ledgers/water/rows?limit=4&period=2019')).json()) as { items: { code: string; label: string; cells: { source: string } }[] };
    return [read.items.map((row) => row.code), read.items.map((row) => row.label)];
  });
  await csv('四户饮水.csv', [
    '户编号,户主姓名,期间,水源类型,每日水量,水质',
    `${code_of[0]},${names[0]},2019,自备井,33,不合格`,
    `${code_of[1]},${names[1]},2019,自备井,40,说不清`,
    `${code_of[2]},${names[2]},2019,,,`,
    '4601089999999999,查无此户,2019,自备井,40,不合格',
  ]);
  await page.locator('tbody tr').first().waitFor();
  assert.match(await outcomes(), /1 有错 1 找不到 1 有变化 0 新增 1 相同/);
  assert.match(await page.locator('tbody').innerText(), /第 3 行[\s\S]*说不清/);

  await page.locator('details summary').click();
  await page.getByRole('combobox', { name: '每日水量' }).selectOption({ label: '人均每日可用水量（升）' });
  await page.locator('.figures-row button', { hasText: '有变化' }).click();
  await page.locator('tbody tr', { hasText: '→ 33' }).waitFor();
  draft_page = new URL(page.url()).pathname;

  const [marked] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载标错的工作簿' }).click()]);
  assert.match(marked.suggestedFilename(), /四户饮水（标错）\.xlsx/);
  assert.equal(readFileSync(await marked.path()).subarray(0, 2).toString(), 'PK');

  await page.getByRole('button', { name: '写入 1 行' }).click();
  await page.getByText('已写入 1 行').waitFor();
  await page.getByRole('link', { name: '查看台账' }).click();
  await page.locator('tbody tr').first().waitFor();
  assert.equal(await text(0, 'litres'), '33');
  assert.equal(await text(0, 'quality'), '不合格');

  await page.goBack();
  await page.getByRole('button', { name: '整体撤销' }).click();
  await page.getByText('台账恢复原样').waitFor();
  await show(page, office, WATER);
  assert.notEqual(await text(0, 'litres'), '33');
  await show(page, office, '/ledger-imports');
  assert.match(await page.locator('tbody tr').first().innerText(), /四户饮水\.csv[\s\S]*已撤销/);
});

test('a template filled for a village comes back as it went out', async () => {
  const cadre = await window.page();
  await signIn(cadre, office, 'cadre');
  await show(cadre, office, WATER);
  const [template] = await Promise.all([cadre.waitForEvent('download'), cadre.getByRole('link', { name: '本范围模板（已填）' }).click()]);
  await cadre.setInputFiles('input[type=file]', await template.path());
  await cadre.waitForURL('**/ledger-imports/*');
  await cadre.getByRole('button', { name: /写入 0 行/ }).waitFor();
  assert.match((await cadre.locator('.figures-row').innerText()).replace(/\s+/g, ' '), /0 找不到 0 有变化 0 新增 [1-9]\d* 相同/);
  await cadre.context().close();
});

test('a file without a known column is refused in one sentence', async () => {
  await show(page, office, WATER);
  await page.setInputFiles('input[type=file]', { name: '乱.csv', mimeType: 'text/csv', buffer: Buffer.from('你好,世界\n1,2\n') });
  await page.getByRole('alert').waitFor();
  assert.match(page.url(), /\/ledgers\/water/);
});

test('a ledger is handed in for a place and a period, and that is taken back', async () => {
  await show(page, office, WATER);
  await page.getByText('2019年已报送').waitFor();
  await page.getByRole('button', { name: '撤回报送' }).click();
  await page.getByText('2019年未报送').waitFor();
  await page.getByRole('combobox', { name: '范围' }).first().selectOption({ label: '演丰镇' });
  await page.getByRole('button', { name: '登记报送（演丰镇）' }).click();
  await page.getByText('演丰镇2019年已报送').waitFor();
  await page.getByRole('combobox', { name: '范围' }).first().selectOption('');
  await page.getByText(/2019年已报送 \d+\/\d+ 个村/).waitFor();
  await page.getByRole('button', { name: /登记报送/ }).click();
  await page.getByText('海口市美兰区2019年已报送').waitFor();
});

test('who has handed a ledger in, and who has not, is seen by village and period', async () => {
  await show(page, office, WATER);
  await page.getByRole('button', { name: '撤回报送' }).click();
  await page.getByRole('combobox', { name: '范围' }).first().selectOption({ label: '演丰镇' });
  await page.getByText('演丰镇2019年已报送').waitFor();
  await show(page, office, '/ledgers');
  const line = page.locator('tbody tr', { hasText: '农户饮水台账' });
  await line.getByText(/^\d+\/\d+ 个村$/).click();
  await page.waitForURL('**/ledgers/water/deliveries**');
  const town = page.locator('tbody', { hasText: '演丰镇' });
  await page.getByRole('combobox', { name: '范围' }).first().selectOption('');
  await town.getByRole('button', { name: '演丰镇' }).click();
  await town.getByText('随演丰镇').first().waitFor();
  assert.match(await town.locator('tr').nth(1).innerText(), /✓[\s\S]*本人（区领导小组办公室）/);
  await page.getByRole('checkbox').check();
  await town.waitFor({ state: 'detached' });
  assert.match(await page.locator('tbody tr').nth(1).locator('td').first().innerText(), /^未报送$/);
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    await show(page, office, '/ledgers/water/deliveries');
    await fitsItsWidth(page, `deliveries at ${size.width}`);
    await isAccessible(page, 'deliveries');
  }
  await show(page, office, WATER);
  await page.getByRole('button', { name: /登记报送/ }).click();
  await page.getByText('海口市美兰区2019年已报送').waitFor();
});

test('a private cell is written, masked, and opened only with a reason', async () => {
  await show(page, office, '/ledgers/net_survey');
  await cell(0, 'net_reason').click();
  await page.keyboard.type('老人长期卧床');
  await page.keyboard.press('Enter');
  await stored();
  assert.doesNotMatch(await page.locator('table').innerText(), /卧床/);
  await cell(0, 'net_reason').click();
  await page.fill('aside input', '核对名单');
  await page.getByRole('button', { name: '查看', exact: true }).click();
  await page.locator('aside').getByText('老人长期卧床').waitFor();
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage })), /卧床/);
});

test('a private value that is not stored is kept nowhere, and leaving asks first', async () => {
  await show(page, office, '/ledgers/net_survey');
  await page.route('**/api/v1/ledgers/net_survey/rows', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await cell(1, 'net_reason').click();
  await page.keyboard.type('长期住院');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), /住院/);
  const asked: string[] = [];
  page.once('dialog', (dialog) => (asked.push(dialog.message()), void dialog.dismiss()));
  await page.getByRole('link', { name: '农户', exact: true }).click();
  await page.waitForTimeout(100);
  assert.match(asked.join(), /离开/);
  assert.match(page.url(), /net_survey/);
  await page.unroute('**/api/v1/ledgers/net_survey/rows');
  await page.getByRole('alert').getByRole('button', { name: '再试一次' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('on a phone a village fills in its rows by form, and mistakes stand at their fields', async () => {
  const cadre = await window.page({ viewport: PHONE, reducedMotion: 'reduce' });
  await signIn(cadre, office, 'cadre');
  await show(cadre, office, '/ledgers');
  assert.equal(await cadre.getByRole('checkbox', { name: '由我填的' }).isChecked(), true);
  await fitsItsWidth(cadre, 'ledgers of a village');
  await cadre.getByRole('link', { name: '农户饮水台账', exact: true }).click();
  const first = cadre.locator('#content li button').first();
  await first.click();
  const form = cadre.locator('dialog');
  await form.getByLabel('人均每日可用水量（升）').fill('4000');
  await form.getByRole('button', { name: '保存' }).click();
  await form.getByText('大于 1000').waitFor();
  await isAccessible(cadre, 'the form of a row');
  await form.getByLabel('人均每日可用水量（升）').fill('77');
  await form.getByRole('button', { name: '保存' }).click();
  await form.waitFor({ state: 'detached' });
  await first.getByText('77').waitFor();

  // The row's history names who typed it; what is not saved is still there when the form is opened again.
  await first.click();
  await form.getByText('改动记录').click();
  await form.getByText(/本人（.+）/).first().waitFor();
  await form.getByText('→ 77').waitFor();
  await isAccessible(cadre, 'the history of a row');
  await form.getByLabel('人均每日可用水量（升）').fill('78');
  await form.getByRole('button', { name: '关闭' }).click();
  await first.getByText('没填完').waitFor();
  await show(cadre, office, WATER);
  await first.click();
  assert.equal(await form.getByLabel('人均每日可用水量（升）').inputValue(), '78');
  await form.getByRole('button', { name: '不要了' }).click();
  assert.equal(await form.getByLabel('人均每日可用水量（升）').inputValue(), '77');
  await form.getByRole('button', { name: '取消' }).click();

  await cadre.getByRole('button', { name: '新增一行' }).click();
  await form.getByLabel('户', { exact: true }).fill((await first.locator('strong').textContent()) ?? '');
  await form.locator('li button').first().click();
  await form.getByText('已选定').waitFor();
  await form.getByLabel('水源类型').selectOption({ label: '自备井' });
  await form.getByRole('button', { name: '保存' }).click();
  await form.getByText('这一期已有一行').waitFor();
  await form.getByRole('button', { name: '取消' }).click();

  const last = cadre.locator('#content li button').last();
  const rows = await cadre.locator('#content li button').count();
  await last.click();
  await form.getByRole('button', { name: '删去这一行' }).click();
  await form.getByRole('button', { name: '确认删去' }).click();
  await form.waitFor({ state: 'detached' });
  await cadre.waitForFunction((left) => document.querySelectorAll('#content li button').length === left, rows - 1);
  await cadre.context().close();
});

test('someone who may only look is offered nothing to change', async () => {
  const helper = await window.page();
  await signIn(helper, office, 'helper');
  await show(helper, office, WATER);
  assert.equal(await helper.getByRole('button', { name: '新增一行' }).count(), 0);
  assert.equal(await helper.locator('input.editor').count(), 0);
  await helper.context().close();
});

test('the ledger pages fit a desk and a phone', async () => {
  for (const to of ['/ledgers', WATER, '/ledgers/risk_funds', '/ledger-imports', draft_page]) {
    for (const size of [PHONE, DESK]) {
      await page.setViewportSize(size);
      await show(page, office, to);
      await fitsItsWidth(page, `${to} at ${size.width}`);
    }
  }
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the ledger pages have no serious barrier (${scheme})`, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const to of ['/ledgers', `${WATER}?period=2018`, '/ledger-imports', draft_page]) {
      await show(page, office, to);
      await isAccessible(page, `${to} (${scheme})`);
    }
    await show(page, office, '/ledgers/solar_stations'); // a grid of few rows
    await cell(0, await page.locator('tbody td').first().evaluate((place) => (place as HTMLElement).dataset.column ?? '')).click();
    await isAccessible(page, `the grid (${scheme})`);
  });
}

test('the ledger pages are whole in English', async () => {
  await page.getByRole('button', { name: 'English' }).click();
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  for (const to of ['/ledgers', WATER, '/ledger-imports']) {
    await show(page, office, to);
    const words = await page.locator('#content h1, #content h2, #content thead th, #content .button, #content label, #content option').allInnerTexts();
    assert.doesNotMatch(words.join(' '), /[\u4e00-\u9fff]/, to);
  }
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
