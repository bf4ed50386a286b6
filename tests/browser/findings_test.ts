// What the rules find, and policy: each finding says why, a draft says whom it would take in and what it would cost.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DESK, fitsItsWidth, isAccessible, openBrowser, PHONE, show, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';
import type { Page } from '../../web/node_modules/playwright-core/index.d.ts';

const RULE = 'water.safe';

let office: Office;
let window: Window;
let page: Page;
let planted: { rule: string; household: string; also: string[] }[];

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  planted = JSON.parse(readFileSync(join(office.folder, 'data', 'demo-truth.json'), 'utf8')) as typeof planted;
  page = await window.page({ reducedMotion: 'reduce' });
  await signIn(page, office, 'office');
});

after(async () => {
  await window?.end();
  await office?.end();
});

test('the rules that find something come first, and are narrowed by kind and name', async () => {
  await show(page, office, '/findings');
  const found = (await page.locator('tbody tr td:nth-child(3)').allInnerTexts()).map(Number);
  assert.ok(found.length > 10 && found[0]! > 0);
  assert.deepEqual(found, [...found].sort((one, other) => other - one));
  await page.getByRole('radio', { name: '记录矛盾' }).check();
  for (const kind of await page.locator('tbody .label .quiet').allInnerTexts()) assert.equal(kind, '记录矛盾');
  await page.getByRole('radio', { name: '全部' }).check();
  await page.getByRole('searchbox', { name: '按规则名称筛选' }).fill('饮水');
  for (const label of await page.locator('tbody .label a').allInnerTexts()) assert.match(label, /饮水/);
});

test('a rule opens its list, a finding its explanation, and back leads back', async () => {
  const expected = planted.filter((one) => one.rule === RULE || one.also.includes(RULE)).length;
  assert.ok(expected > 0, `${RULE} was planted`);
  await show(page, office, '/findings');
  await page.getByRole('searchbox', { name: '按规则名称筛选' }).fill('水');
  await page.locator(`tbody a[href*="rule=${RULE}"]`).first().click();
  await page.waitForURL(`**rule=${RULE}`);
  await page.locator('tbody tr .who').first().waitFor();
  assert.equal(await page.locator('tbody tr').count(), expected);
  await page.getByRole('button', { name: '原因' }).first().click();
  const sheet = page.locator('dialog');
  await sheet.getByText('怎样消除').or(sheet.locator('h3')).first().waitFor();
  assert.match(await sheet.innerText(), /农户饮水台账/);
  await isAccessible(page, 'an explanation');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.locator('.who a').first().click();
  await page.waitForURL('**/households/*');
  await page.locator('.light.not_met', { hasText: '饮水' }).waitFor();
  await page.goBack();
  await page.waitForURL(`**rule=${RULE}`);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: '线索', exact: true }).waitFor();
});

test('what has been cleared, and what nobody knows, is said in words', async () => {
  await show(page, office, `/findings?rule=${RULE}`);
  await page.getByRole('radio', { name: '已消除' }).check();
  await page.getByText('还没有消除过问题。').waitFor();
  await show(page, office, '/findings?rule=housing.graded_by_third_party');
  await page.getByText(/另有 \d+ 个数据不全/).waitFor();
  await page.getByRole('link', { name: '查看名单' }).click();
  await page.waitForURL('**state=undecided');
  await page.locator('tbody tr li').first().waitFor();
  for (const missing of await page.locator('tbody tr ul').allInnerTexts()) assert.ok(missing.trim().length > 0, 'each says what is missing');
  await isAccessible(page, 'whom a rule cannot decide of');
  await page.getByRole('button', { name: '原因' }).first().click();
  await page.locator('dialog').getByText('待核实').or(page.locator('dialog h3')).first().waitFor();
  await page.keyboard.press('Escape');
});

test('a figure tried out shows who would join in each town, and nothing is written', async () => {
  await show(page, office, '/what-if');
  const value = page.getByRole('textbox', { name: '新的值' });
  assert.equal(await value.inputValue(), '3218', 'the first figure stands ready as it is');
  assert.equal(await page.getByRole('button', { name: '试算', exact: true }).isDisabled(), true);
  await value.fill('4000');
  await page.keyboard.press('Enter');
  const list = page.locator('article', { hasText: '人均收入超过标准' });
  await list.waitFor();
  const joining = Number(/进入\s*(\d+) 户/.exec(await list.locator('.sum').innerText())?.[1]);
  assert.ok(joining > 0);
  const by_town = (await list.locator('tbody td:nth-child(5)').allInnerTexts()).map((one) => Number.parseInt(one, 10));
  assert.equal(by_town.length, 4);
  assert.equal(by_town.reduce((sum, one) => sum + one, 0), joining);
  await isAccessible(page, 'what a draft would do');
  await page.setViewportSize(PHONE);
  await fitsItsWidth(page, 'what a draft would do, on a phone');
  await page.setViewportSize(DESK);
  await show(page, office, '/policy');
  await page.locator('details.section > summary').first().click();
  assert.match(await page.locator('tbody tr').first().innerText(), /3218/);
});

test('an amount tried out shows the yearly cost, and a mistake stands at its field', async () => {
  await show(page, office, '/what-if');
  await page.getByRole('combobox', { name: '选择标准' }).selectOption({ label: '小学生活补助' });
  const value = page.getByRole('textbox', { name: '新的值' });
  await value.fill('三千');
  await page.getByRole('button', { name: '试算', exact: true }).click();
  await page.locator('form').getByRole('alert').waitFor();
  await value.fill('3000');
  await page.getByRole('button', { name: '试算', exact: true }).click();
  await page.locator('article .sum', { hasText: /年度资金（元）.*→.*（\+[\d,]+）/ }).first().waitFor();

  await page.getByRole('button', { name: '改一个条件' }).click();
  await page.getByRole('combobox', { name: '选择规则' }).selectOption(RULE);
  const text = page.getByRole('textbox', { name: '新的条件' });
  assert.ok((await text.inputValue()).length > 3, 'the condition in force stands there to be changed');
  await text.fill('household.watr.litres > 3');
  await page.getByRole('button', { name: '试算', exact: true }).click();
  await page.getByText('是不是“water”').waitFor();
});

test('policy is found by name, with its source and its standing', async () => {
  await show(page, office, '/policy');
  await page.getByRole('searchbox').fill('贫困标准');
  await page.getByText('没有这样的标准或规则').or(page.locator('.section').first()).waitFor();
  await page.getByRole('searchbox').fill('饮水');
  await page.locator('.rule > summary', { hasText: '饮水' }).first().click();
  await page.locator('.rule[open] code').first().waitFor();
  await page.locator('.rule[open]').getByRole('link', { name: '查看问题线索' }).click();
  await page.waitForURL('**/findings?rule=*');
});

test('the burden is shown by who fills in, and no fact is asked twice', async () => {
  await show(page, office, '/burden');
  await page.getByText('重复采集 0 项').waitFor();
  await page.getByRole('button', { name: '村', exact: true }).click();
  await page.getByRole('heading', { name: /由村填报的事实/ }).waitFor();
  for (const asked of await page.locator('table').nth(1).locator('tbody tr td:nth-child(2)').allInnerTexts()) assert.match(asked, /（村）/);
});

test('the pages fit a desk and a phone', async () => {
  for (const to of ['/findings', `/findings?rule=${RULE}`, '/what-if', '/policy', '/burden']) {
    for (const size of [PHONE, DESK]) {
      await page.setViewportSize(size);
      await show(page, office, to);
      await fitsItsWidth(page, `${to} at ${size.width}`);
    }
  }
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the pages have no serious barrier (${scheme})`, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const to of ['/findings', `/findings?rule=${RULE}`, '/what-if', '/burden']) {
      await show(page, office, to);
      await isAccessible(page, `${to} (${scheme})`);
    }
    await show(page, office, '/policy');
    await page.locator('details.section > summary').nth(1).click();
    await isAccessible(page, `/policy (${scheme})`);
  });
}

test('the pages are whole in English', async () => {
  await page.getByRole('button', { name: 'English' }).click();
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  for (const to of ['/findings', '/what-if', '/policy', '/burden']) {
    await show(page, office, to);
    const words = await page.locator('#content h1, #content h2, #content thead th, #content .button, #content label, #content option, #content td:first-child').allInnerTexts();
    assert.doesNotMatch(words.join(' '), /[\u4e00-\u9fff]/, to);
  }
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
