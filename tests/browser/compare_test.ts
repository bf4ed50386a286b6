// A roster with planted differences is imported in the browser and yields exactly those; pairs are judged by keyboard and
// survive a reload.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DESK, fitsItsWidth, isAccessible, openBrowser, PHONE, show, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';
import type { Page } from '../../web/node_modules/playwright-core/index.d.ts';

interface Person {
  name: string;
  birth: string;
  village: string;
  months: number;
}

let office: Office;
let window: Window;
let page: Page;
let people: Person[];

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  page = await window.page();
  await signIn(page, office, 'admin');
  // Members who work away, each of another name and day, as the register knows them.
  people = await page.evaluate(async () => {
    const get = async (path: string): Promise<any> => (await fetch(path, { headers: { Accept: 'application/json' } })).json();
    const areas = new Map<string, string>((await get('/api/v1/areas')).items.map((area: any) => [area.code, area.name]));
    const found: Person[] = [];
    for (const line of (await get('/api/v1/households?limit=100')).items) {
      const household = await get(`/api/v1/households/${line.id}`);
      for (const member of household.members) {
        const { name, birth, work_months } = member.values;
        if (typeof work_months !== 'number' || work_months < 1 || work_months > 20 || !birth || found.some((one) => one.name === name || one.birth === birth)) continue;
        found.push({ name, birth, village: areas.get(line.village) ?? '', months: work_months });
      }
      if (found.length >= 14) break;
    }
    return found;
  });
  assert.ok(people.length >= 8, `the demo has ${people.length} members who work away`);
});

after(async () => {
  await window?.end();
  await office?.end();
});

/** Two work months too many for two, one month (within the tolerance) for a third, three doubtful, one stranger, one twice. */
function roster(): string {
  const lines = ['姓名,出生日期,行政村,务工月数'];
  people.forEach((one, at) => {
    const doubtful = at >= people.length - 3;
    const birth = doubtful ? one.birth.slice(0, 8) + (one.birth.endsWith('-11') ? '12' : '11') : one.birth;
    const months = at < 2 ? one.months + 2 : at === 2 ? one.months + 1 : one.months;
    lines.push([one.name, birth, one.village, months].join(','));
  });
  lines.push([people[3]!.name, people[3]!.birth, people[3]!.village, people[3]!.months].join(','));
  lines.push('欧阳不在册,1931-01-31,无此村,3');
  return lines.join('\n') + '\n';
}

test('a roster comes in and shows what was planted, no more', async () => {
  const file = join(office.folder, '务工名册.csv');
  writeFileSync(file, roster());
  await page.goto(`${office.address}/rosters`);
  await page.getByRole('link', { name: '务工就业名册' }).click();
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('button', { name: '开始比对' }).click();
  await page.getByText(/差异：新增/).waitFor();
  const said = await page.locator('.counts').first().innerText();
  assert.match(said, new RegExp(`${people.length + 2}\\s*名册行数`));
  assert.match(said, /1\s*无关，已删除/);
  assert.match(await page.locator('.run').first().innerText(), /差异：新增 3，/, 'two differ, one stands there twice');
  await page.goto(`${office.address}/discrepancies?roster=employment_roster`);
  await page.locator('table.cards tbody tr').first().waitFor();
  const rows = await page.locator('table.cards tbody tr').allInnerTexts();
  assert.equal(rows.length, 3);
  for (const one of people.slice(0, 2)) assert.ok(rows.some((row) => row.includes(one.name) && row.includes('务工月数')), `${one.name} differs`);
  assert.ok(rows.some((row) => row.includes(people[3]!.name) && row.includes('重复')));
});

test('pairs are judged by keyboard and a reload loses nothing', async () => {
  await page.goto(`${office.address}/roster-pairs`);
  const left = page.getByText(/还有 \d+ 对/);
  await left.waitFor();
  await page.locator('.sides').waitFor();
  const count = async (): Promise<number> => Number(/\d+/.exec(await left.innerText())?.[0]);
  assert.ok((await count()) >= 1);
  for (let before_it = await count(), key = '2'; before_it > 0; key = '1') {
    await page.locator('.sides').waitFor();
    if (process.env.YIHU_SHOTS) await page.screenshot({ path: join(process.env.YIHU_SHOTS, `pair_${before_it}.png`) });
    const answer = page.waitForResponse((response) => response.url().includes('/decision') && response.ok());
    await page.keyboard.press(key);
    await answer;
    await page.reload();
    await left.waitFor();
    const now = await count();
    assert.ok(now < before_it, `${now} of ${before_it} are left after one was judged`);
    before_it = now;
  }
  await page.getByText('没有待判断的配对。').waitFor();
});

test('keeping and accepting settle a difference', async () => {
  // Whoever may change the register decides; an administrator may not.
  const clerk = await window.page();
  await signIn(clerk, office, 'office');
  await clerk.goto(`${office.address}/discrepancies?roster=employment_roster&kind=differs`);
  await clerk.getByRole('button', { name: '采纳' }).first().click();
  await clerk.waitForFunction(() => document.querySelectorAll('table.cards tbody tr').length === 1);
  await clerk.getByRole('button', { name: '保留' }).first().click();
  await clerk.fill('#why', '已电话核实');
  await clerk.locator('form button.main').click();
  await clerk.getByText('没有这样的差异。').waitFor();
});

test('the year’s comparisons are made, held against each other and frozen', async () => {
  await page.goto(`${office.address}/comparisons`);
  for (const title of ['第一次数据比对', '第二次数据比对']) {
    await page.fill('form input', title);
    await page.getByRole('button', { name: '做一次比对' }).click();
    await page.waitForFunction((want) => document.querySelector<HTMLSelectElement>('.which select')?.selectedOptions[0]?.text.startsWith(want) && document.querySelector('.count'), title);
  }
  await page.locator('.which select').nth(1).selectOption({ label: '第一次数据比对' });
  await page.getByText('新增 0').first().waitFor();
  await page.getByRole('button', { name: '锁定' }).click();
  await page.getByText(/校验值 [0-9a-f]{16}/).waitFor();
  assert.equal(await page.getByRole('button', { name: '重做' }).count(), 0);
});

test('the pages fit and have no serious barrier', async () => {
  const shots = process.env.YIHU_SHOTS; // a folder for pictures of every page, to be looked at
  const pages = { rosters: '/rosters', roster: '/rosters/employment_roster', pairs: '/roster-pairs', discrepancies: '/discrepancies?state=kept', comparisons: '/comparisons' };
  for (const [name, to] of Object.entries(pages)) {
    for (const size of [DESK, PHONE]) {
      await page.setViewportSize(size);
      await show(page, office, to);
      await fitsItsWidth(page, `${name} at ${size.width}`);
      if (shots) await page.screenshot({ path: join(shots, `${name}_${size.width}.png`) });
    }
    await isAccessible(page, name);
  }
  assert.deepEqual(window.complaints, []);
});
