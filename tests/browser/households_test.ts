// Households: found by place and by name, shown with lights, reasons, ledgers and a card, and only to whom they concern.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fitsItsWidth, isAccessible, openBrowser, PHONE, show, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';
import type { Page } from '../../web/node_modules/playwright-core/index.d.ts';

interface Planted {
  rule: string;
  subject: string;
  household: string;
}

let office: Office;
let window: Window;
let page: Page;
let planted: Planted[];

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  planted = JSON.parse(readFileSync(join(office.folder, 'data', 'demo-truth.json'), 'utf8')) as Planted[];
  page = await window.page({ reducedMotion: 'reduce' });
  await signIn(page, office, 'office');
  await page.waitForURL('**/today');
});

after(async () => {
  await window?.end();
  await office?.end();
});

function lacking(rule: string): string {
  const found = planted.find((one) => one.rule === rule);
  assert.ok(found, `${rule} was planted`);
  return found.household;
}

test('the listed households are counted by town and village, and a place narrows the list', async () => {
  await show(page, office, '/households');
  assert.match((await page.locator('h1').innerText()).replace(/\s+/g, ' '), /360 户 1337 人/);
  const towns = page.locator('.areas button');
  assert.equal(await towns.count(), 4);
  await towns.first().click();
  await page.waitForURL(/area=\d{9}$/);
  await page.locator('.areas ul').nth(1).locator('button').first().click();
  await page.waitForURL(/area=\d{12}$/);
  const village = await page.locator('.areas button[aria-pressed=true] .name').innerText();
  const villages = await page.locator('tbody tr td:nth-child(2)').allInnerTexts();
  assert.ok(villages.length > 0);
  for (const name of villages) assert.equal(name.trim(), village);
});

test('the place chosen above is carried from page to page, and let go again', async () => {
  await show(page, office, '/goals');
  const area = page.getByRole('combobox', { name: '范围' }).first();
  await area.selectOption({ label: '演丰镇' });
  await page.locator('nav.rail').getByRole('link', { name: '农户' }).click();
  await page.waitForURL(/households\?area=\d{9}$/);
  await page.locator('tbody a').first().click();
  await page.locator('nav.rail').getByRole('link', { name: '线索' }).click();
  await page.waitForURL(/findings\?area=\d{9}$/);
  await area.selectOption({ label: '全区' });
  await page.waitForURL(/findings$/);
  await page.locator('nav.rail').getByRole('link', { name: '农户' }).click();
  await page.waitForURL(/households$/);
  assert.match(await page.locator('h1').innerText(), /360 户/);
});

test('a person is found by name, and no name stands in an address', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await show(page, office, '/households');
  const name = await page.locator('tbody a').first().innerText();
  await page.fill('#content input[type=search]', name);
  const first = page.locator('#content .found a').first();
  await first.waitFor();
  assert.match(await first.innerText(), new RegExp(name));
  assert.ok(asked.some((line) => line.startsWith('POST') && line.endsWith('/people/search')));
  for (const line of asked) assert.ok(!decodeURIComponent(line).includes(name), line);
});

test('a household shows what it lacks, why, from which cell, and what would clear it', async () => {
  await show(page, office, `/households/${lacking('health.insured')}`);
  const health = page.locator('.lights li, .strip > *', { hasText: '看病' }).first();
  assert.match(await health.innerText(), /未达标/);
  await page.locator('.sayings button', { hasText: '医疗保险' }).first().click();
  const sheet = page.locator('dialog');
  await sheet.getByText('怎样解决').waitFor();
  const text = await sheet.innerText();
  assert.match(text, /医保参保台账/);
  assert.match(text, /登记/);
  assert.match(text, /依据/);
  await isAccessible(page, 'explanation');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
});

test('its ledgers are on its page, each row of whom it is about', async () => {
  await show(page, office, `/households/${lacking('health.insured')}`);
  await page.locator('summary', { hasText: '台账记录' }).click();
  const insured = page.locator('.ledgers section', { hasText: '医保参保台账' });
  await insured.first().waitFor();
  const members = Number(/(\d+)/.exec(await page.getByRole('heading', { name: /家庭成员/ }).innerText())?.[1]);
  assert.equal(await insured.locator('.record').count(), members);
});

test('the card for print has the code and no more than the page', async () => {
  await show(page, office, `/households/${lacking('water.safe')}`);
  await page.emulateMedia({ media: 'print' });
  const code = page.locator('.code svg path');
  assert.ok(((await code.getAttribute('d')) ?? '').length > 500);
  assert.ok(await page.locator('.code').isVisible());
  assert.ok(!(await page.getByRole('button', { name: '打印' }).isVisible()));
  await page.emulateMedia({ media: 'screen' });
});

test('a past day answers from history', async () => {
  await show(page, office, `/households/${lacking('watch.income')}`);
  assert.match(await page.locator('.state').first().innerText(), /脱贫/);
  await page.fill('.as-of input', '2017-01-01');
  await page.getByText('2017年1月1日').first().waitFor();
  await page.locator('.state', { hasText: '贫困户' }).first().waitFor();
});

test('a cadre sees his village and a helper his households; others are not there', async () => {
  const elsewhere = lacking('watch.income');
  for (const [name, most] of [['cadre', 120], ['helper', 12]] as const) {
    const own = await window.page({ viewport: PHONE });
    await signIn(own, office, name);
    await own.waitForURL('**/today');
    await own.goto(`${office.address}/households`);
    await own.locator('tbody tr').first().waitFor();
    const households = Number(/(\d+) 户/.exec(await own.locator('h1').innerText())?.[1]);
    assert.ok(households > 0 && households <= most, `${name} sees ${households}`);
    await fitsItsWidth(own, `households of ${name}`);
    const answer = await own.request.get(`${office.address}/api/v1/households/${elsewhere}`);
    assert.equal(answer.status(), 404);
    await own.context().close();
  }
});

test('goals are drawn, with their lists', async () => {
  await show(page, office, '/goals');
  const goals = page.locator('li.goal');
  assert.equal(await goals.count(), 4);
  assert.match((await goals.first().innerText()).replace(/\s+/g, ' '), /0\/40 户/);
  await goals.first().getByRole('button', { name: '查看名单' }).click();
  await page.locator('dialog li').nth(39).waitFor();
  assert.equal(await page.locator('dialog li').count(), 40);
  await page.keyboard.press('Escape');
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
