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
  await panel.getByText('本人').first().waitFor();
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
  assert.deepEqual(await Promise.all([3, 4, 5].map((row) => text(row, 'litres'))), ['70', before_it[1], '66']);
  assert.equal(await text(4, 'quality'), '不合格');
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
});

test('on a phone a village fills in its rows by form, and mistakes stand at their fields', async () => {
  const cadre = await window.page({ viewport: PHONE, reducedMotion: 'reduce' });
  await signIn(cadre, office, 'cadre');
  await show(cadre, office, '/ledgers');
  assert.equal(await cadre.getByRole('checkbox', { name: '由我填的' }).isChecked(), true);
  await fitsItsWidth(cadre, 'ledgers of a village');
  await cadre.getByRole('link', { name: '农户饮水台账' }).click();
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

  await cadre.getByRole('button', { name: '新增一行' }).click();
  await form.getByLabel('户', { exact: true }).fill((await first.locator('strong').textContent()) ?? '');
  await form.getByRole('button', { name: '查找' }).click();
  await form.locator('li button').first().click();
  await form.getByText('已选定').waitFor();
  await form.getByLabel('水源类型').selectOption({ label: '自备井' });
  await form.getByRole('button', { name: '保存' }).click();
  await form.getByText('这一期已有一行').waitFor();
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
