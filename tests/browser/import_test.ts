// The main job: a document becomes a tracked plan, a clerk reports, and others see it without a reload.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, signIn, type Window } from './browser.ts';
import { openOffice, ownDocument, realDocument, type Office } from './office.ts';

let office: Office;
let window: Window;

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
});

after(async () => {
  await window?.end();
  await office?.end();
});

test('a document of another office is imported, corrected, accepted and reported on', async (t) => {
  const page = await window.page();
  await signIn(page, office, 'office');

  await t.test('the document is read and each sentence is tied to its row', async () => {
    await page.goto(`${office.address}/imports`);
    await page.setInputFiles('input[type=file]', ownDocument('autumn_plan.txt'));
    await page.waitForURL('**/imports/*');
    await page.getByText('读出 6 项任务、12 项措施').waitFor();
    const row = page.locator('#m3-1');
    await row.hover();
    const lit = page.locator('mark.lit');
    assert.match((await lit.allTextContents()).join(''), /完成农村水点取水检验/);
    await page.locator('mark', { hasText: '每月走访一次' }).first().hover();
    await page.locator('#m6-1.lit').waitFor();
  });

  await t.test('an unknown unit is named', async () => {
    const unknown = page.locator('.unit', { hasText: '乡村振兴讲习所' });
    await unknown.getByRole('button', { name: '新单位' }).click();
    await unknown.getByRole('button', { name: '添加' }).click();
    await unknown.waitFor({ state: 'detached' });
  });

  await t.test('an owner is corrected in place, by keyboard', async () => {
    await page.locator('#m5-2').click();
    await page.keyboard.press('e');
    const responsible = page.locator('.editor').getByRole('combobox', { name: '责任单位' });
    await responsible.focus();
    await responsible.pressSequentially('区民政局');
    await page.keyboard.press('Enter');
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await page.locator('.editor').getByRole('button', { name: '保存' }).click();
    await page.locator('#m5-2', { hasText: '区民政局' }).waitFor();
    assert.equal((await saved).status(), 200);
    await page.getByText('已更正 1 处').waitFor();
  });

  await t.test('warnings are settled by key, and the plan is accepted', async () => {
    await page.locator('.matrix').focus();
    for (let left = await page.locator('.checks li:not(.settled) .acts').count(); left > 0; left--) {
      const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
      await page.keyboard.press('a');
      assert.equal((await saved).status(), 200);
    }
    await page.getByRole('button', { name: '接受要点' }).click();
    await page.waitForURL('**/plans/*');
    await page.locator('a.tile').first().waitFor();
    assert.equal(await page.locator('a.tile').count(), 6);
  });

  await t.test('a tile bears the name of its own task', async () => {
    const names = await page.locator('a.tile .title').allInnerTexts();
    assert.deepEqual(names.slice(0, 3), ['摸清底数', '讲清政策', '管好饮水']);
  });

  await t.test('the corrected owner stands on the measure, and the sentence in the document', async () => {
    await page.locator('a.tile[href$="/tasks/5"]').click();
    await page.locator('a.title', { hasText: '兑现外出务工补贴' }).click();
    await page.locator('aside').getByText('区民政局').waitFor();
    await page.getByRole('link', { name: '在原文中查看' }).click();
    const lit = page.locator('mark.lit').first();
    await lit.waitFor();
    assert.match((await page.locator('mark.lit').allTextContents()).join(''), /兑现外出务工补贴/);
    const box = await lit.boundingBox();
    assert.ok(box && box.y > 0 && box.y < 720, 'the sentence is in sight');
  });

  await t.test('a clerk reports with a file, and a leader sees the board change without a reload', async () => {
    const leader = await window.page();
    await signIn(leader, office, 'leader');
    await leader.goto(`${office.address}/plan`);
    const tile = leader.locator('a.tile[href$="/tasks/2"]');
    await tile.waitFor();
    const done_before = await tile.locator('.tally').first().textContent();
    assert.equal(done_before, '0/2');
    await leader.evaluate(() => ((globalThis as Record<string, unknown>).same_page = true));

    const clerk = await window.page();
    await signIn(clerk, office, 'publicity');
    await clerk.goto(`${office.address}/workbench`);
    await clerk.locator('tr', { hasText: '编印一册问答' }).getByRole('button', { name: '报送' }).click();
    const proof = join(office.folder, '问答样张.txt');
    writeFileSync(proof, '样张，共十六页。\n');
    await clerk.fill('#report-text', '问答已编印 400 册，送到各村。');
    await clerk.setInputFiles('dialog input[type=file]', proof);
    await clerk.locator('dialog li', { hasText: '问答样张.txt' }).waitFor();
    await clerk.locator('dialog form .button.main:enabled', { hasText: '报送' }).click();
    await clerk.locator('dialog').waitFor({ state: 'detached' });

    await leader.locator('a.tile[href$="/tasks/2"]').locator('.tally', { hasText: '1/2' }).waitFor();
    assert.equal(await leader.evaluate(() => (globalThis as Record<string, unknown>).same_page), true, 'the page was not loaded again');

    await leader.locator('a.tile[href$="/tasks/2"]').click();
    await leader.locator('a.title', { hasText: '编印一册问答' }).click();
    await leader.getByText('问答已编印 400 册').waitFor();
    const [file] = await Promise.all([leader.waitForEvent('download'), leader.getByRole('link', { name: /问答样张\.txt/ }).click()]);
    assert.equal(file.suggestedFilename(), '问答样张.txt');
    await clerk.context().close();
    await leader.context().close();
  });

  await page.context().close();
});

test('two people change one measure: the second is told, and nothing is lost', async () => {
  const [first, second] = await Promise.all([window.page(), window.page()]);
  await signIn(first, office, 'office');
  await signIn(second, office, 'admin');
  await first.goto(`${office.address}/plan`);
  await first.locator('a.tile').nth(2).click();
  await first.locator('a.title').first().click();
  await first.waitForURL('**/measures/*');
  await second.goto(first.url());
  for (const page of [first, second]) await page.getByRole('button', { name: '更正' }).click();
  await first.fill('#c-title', '先改的名称');
  await first.fill('#c-reason', '核对原件');
  await first.locator('dialog').getByRole('button', { name: '保存' }).click();
  await first.getByRole('heading', { level: 1, name: /先改的名称/ }).waitFor();
  await second.fill('#c-title', '后改的名称');
  await second.fill('#c-reason', '口径调整');
  await second.locator('dialog').getByRole('button', { name: '保存' }).click();
  await second.getByRole('alert').waitFor();
  assert.equal(await second.inputValue('#c-title'), '后改的名称');
  await second.getByRole('button', { name: '已看过最新内容' }).click();
  await second.locator('dialog').getByRole('button', { name: '保存' }).click();
  await first.getByRole('heading', { level: 1, name: /后改的名称/ }).waitFor();
  await Promise.all([first.context().close(), second.context().close()]);
});

test('a file that is no plan is refused in one sentence', async () => {
  const page = await window.page();
  await signIn(page, office, 'office');
  await page.goto(`${office.address}/imports`);
  await page.setInputFiles('input[type=file]', { name: '空.txt', mimeType: 'text/plain', buffer: Buffer.from('今天天气很好。\n') });
  const alert = page.getByRole('alert');
  await alert.waitFor();
  assert.ok(((await alert.textContent()) ?? '').trim().length > 5);
  assert.match(page.url(), /\/imports$/);
  await page.context().close();
});

test('the office’s own document comes out whole', { skip: realDocument() ? false : 'the document does not stand beside the project' }, async () => {
  const page = await window.page();
  await signIn(page, office, 'office');
  await page.goto(`${office.address}/imports`);
  await page.setInputFiles('input[type=file]', realDocument()!);
  await page.waitForURL('**/imports/*');
  await page.getByText('读出 34 项任务、167 项措施').waitFor();
  assert.ok((await page.locator('.checks li').count()) > 5, 'differences and defects are listed');
  await page.getByRole('button', { name: '作废' }).click();
  await page.getByRole('button', { name: '作废' }).click();
  await page.waitForURL('**/imports');
  await page.context().close();
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
