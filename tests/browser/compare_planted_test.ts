// One difference of every kind is planted in rosters, and exactly those are found; the unit that owns the fact has them
// among what it has to do until they are settled. Then a thousand doubtful pairs, with reloads wherever it hurts.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';
import type { Page } from '../../web/node_modules/playwright-core/index.d.ts';

interface Person {
  id: string;
  name: string;
  birth: string;
  village: string;
  head: boolean;
  allowance: boolean;
  general: boolean;
  months: number | null;
}

const PAIRS_WANTED = 1000;
let office: Office;
let window: Window;
let clerk: Page;
let people: Person[];
/** Of a name and of a day nobody else has, so that no row is in doubt. */
let plain: Person[];

async function api<T>(page: Page, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const answer = await page.evaluate(
    async ([how, where, what]) => {
      const me = await (await fetch('/api/v1/session')).json();
      const response = await fetch(where, { method: how, headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf_token }, body: what || undefined });
      return { ok: response.ok, text: await response.text() };
    },
    [method, path, body ? JSON.stringify(body) : ''] as const,
  );
  assert.ok(answer.ok, `${method} ${path}: ${answer.text}`);
  return (answer.text ? JSON.parse(answer.text) : undefined) as T;
}

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  clerk = await window.page({ reducedMotion: 'reduce' });
  await signIn(clerk, office, 'office');
  people = await clerk.evaluate(async () => {
    const get = async (path: string): Promise<any> => (await fetch(path, { headers: { Accept: 'application/json' } })).json();
    const areas = new Map<string, string>((await get('/api/v1/areas')).items.map((area: any) => [area.code, area.name]));
    const found: Person[] = [];
    for (let after = ''; ; ) {
      const page = await get(`/api/v1/households?limit=100${after && `&after=${encodeURIComponent(after)}`}`);
      const households = await Promise.all(page.items.map((line: any) => get(`/api/v1/households/${line.id}`)));
      for (const [at, household] of households.entries()) {
        const attribute = page.items[at].attribute;
        for (const member of household.members) {
          const { name, birth, relation, work_months } = member.values;
          if (name && birth) {
            found.push({ id: member.id, name, birth, village: areas.get(page.items[at].village) ?? '', head: relation === 'head', allowance: /^allowance/.test(attribute),
              general: attribute === 'general', months: typeof work_months === 'number' ? work_months : null });
          }
        }
      }
      if (!page.next) return found;
      after = page.next;
    }
  });
  const often = (of: (one: Person) => string): Map<string, number> => people.reduce((counts, one) => counts.set(of(one), (counts.get(of(one)) ?? 0) + 1), new Map<string, number>());
  const names = often((one) => one.name);
  const births = often((one) => one.birth);
  plain = people.filter((one) => names.get(one.name) === 1 && births.get(one.birth) === 1);
});

after(async () => {
  await window?.end();
  await office?.end();
});

async function bring(roster: string, label: string, lines: string[]): Promise<string> {
  const file = join(office.folder, `${roster}.csv`);
  writeFileSync(file, lines.join('\n') + '\n');
  await clerk.goto(`${office.address}/rosters`);
  await clerk.getByRole('link', { name: label }).click();
  await clerk.setInputFiles('input[type=file]', file);
  const runs = await clerk.locator('.run').count();
  await clerk.getByRole('button', { name: '开始比对' }).click();
  await clerk.locator('.run').nth(runs).waitFor();
  const first = clerk.locator('.run').first();
  await first.getByText(/差异：新增/).waitFor({ timeout: 60_000 });
  return first.innerText();
}

function row(one: Person, last: string | number = 300): string {
  return [one.name, one.birth, one.village, last].join(',');
}

/** "name kind", as the page lists them. */
async function listed(page: Page, path: string): Promise<string[]> {
  await page.goto(office.address + path);
  await page.locator('table.cards tbody tr').first().waitFor();
  for (const more = page.getByRole('button', { name: '再看一些' }); (await more.count()) > 0; ) await more.click();
  const rows = await page.locator('table.cards tbody tr').evaluateAll((all) => all.map((line) => [...line.querySelectorAll('td')].slice(0, 2).map((cell) => cell.firstChild?.textContent?.trim() || cell.innerText.trim().split('\n')[0])));
  return rows.map((cells) => cells.join(' ')).sort();
}

test('every kind of difference is planted and exactly those are found', async () => {
  const heads = people.filter((one) => one.head && one.allowance);
  const known = plain.filter((one) => one.head && one.allowance);
  const child = plain.find((one) => !one.head && one.allowance);
  const others = plain.filter((one) => one.head && one.general).slice(0, 2);
  assert.ok(known.length >= 6 && child && others.length === 2, `${known.length} heads of allowance households of a name of their own`);
  const [missed_one, missed_two, twice, both] = known as [Person, Person, Person, Person];
  await api(clerk, 'POST', `/api/v1/people/${child.id}/departure`, { departure: 'died', day: '2019-06-01', reason: '病故' });

  await bring('hardship_roster', '特困供养名册', ['姓名,出生日期,行政村,月供养金额（元）', row(both)]);
  const on_roster = heads.filter((one) => one !== missed_one && one !== missed_two);
  const said = await bring('allowance_roster', '低保对象名册', [
    '姓名,出生日期,行政村,月保障金额（元）',
    ...[...on_roster, ...others, twice, child].map((one) => row(one)),
    '欧阳不在册,1931-01-31,无此村,300',
  ]);
  assert.match(said, /差异：新增 7，/);
  assert.deepEqual(
    await listed(clerk, '/discrepancies?roster=allowance_roster'),
    [
      `${missed_one.name} 登记簿有、名册无`,
      `${missed_two.name} 登记簿有、名册无`,
      ...others.map((one) => `${one.name} 名册有、登记簿无`),
      `${twice.name} 名册中重复`,
      `${child.name} 已去世仍在名册`,
      `${both.name} 两个部门说法不同`,
    ].sort(),
  );

  // A field that differs, beyond its tolerance and within it.
  const workers = plain.filter((one) => one !== child && one.months !== null && one.months >= 1 && one.months <= 8).slice(0, 12);
  assert.ok(workers.length >= 8);
  const changed = await bring('employment_roster', '务工就业名册', ['姓名,出生日期,行政村,务工月数', ...workers.map((one, at) => row(one, (one.months ?? 0) + (at < 6 ? 3 : at === 6 ? 1 : 0)))]);
  assert.match(changed, /差异：新增 6，/);
  assert.deepEqual(await listed(clerk, '/discrepancies?roster=employment_roster'), workers.slice(0, 6).map((one) => `${one.name} 务工月数`).sort());
});

test('who owns the fact has it among what he has to do, until it is settled', async () => {
  const owner = await window.page({ reducedMotion: 'reduce' });
  await signIn(owner, office, 'civil-affairs');
  const entry = owner.locator('.items li').filter({ hasText: '登记簿是低保户、民政名册上没有' });
  await entry.getByText('核实并处理 2 条差异').waitFor();
  assert.equal(await owner.locator('.items li').filter({ hasText: '务工月数' }).count(), 0, 'another unit owns that');
  assert.equal(await owner.locator('.items li').filter({ hasText: '登记簿不是低保户' }).count(), 0, 'the register is the relief office’s');
  await entry.getByRole('button', { name: '处理' }).click();
  await owner.waitForURL('**/discrepancies?**');
  const rows = owner.locator('table.cards tbody tr');
  await rows.first().waitFor();
  for (let left = 2; left > 0; --left) {
    assert.equal(await rows.count(), left);
    await rows.first().getByRole('button', { name: '保留' }).click();
    await owner.fill('#why', '低保中心核实在保');
    await owner.locator('form button.main').click();
    await owner.waitForFunction((want) => document.querySelectorAll('table.cards tbody tr').length === want, left - 1);
  }
  await owner.goto(`${office.address}/today`);
  await owner.locator('.three').waitFor();
  await owner.getByText('今日').first().waitFor();
  assert.equal(await entry.count(), 0);

  // Five work months may differ before anybody is bothered: the sixth made an entry, one less ends it.
  const jobs = await window.page({ reducedMotion: 'reduce' });
  await signIn(jobs, office, 'human-resources');
  const six = jobs.locator('.items li').filter({ hasText: '核实并处理 6 条差异' });
  await six.waitFor();
  await api(jobs, 'GET', '/api/v1/discrepancies?roster=employment_roster&kind=differs&limit=1').then(async (page) => {
    const one = (page as { items: { id: string; version: number }[] }).items[0]!;
    await api(jobs, 'POST', `/api/v1/discrepancies/${one.id}/keep`, { version: one.version, reason: '已电话核实' });
  });
  await six.waitFor({ state: 'detached' });
});

interface Pairs {
  items: { id: string; version: number; row: string }[];
  open: number;
}

test('a thousand pairs survive a reload at any point', async (run) => {
  // Two rows about each of so many people, with the day of birth of nobody: a person has to look at every one.
  const lines = ['姓名,出生日期,行政村,务工月数'];
  for (const one of plain) {
    for (const day of ['29', '30']) {
      if (!one.birth.endsWith(day) && lines.length <= 1.1 * PAIRS_WANTED) lines.push(row({ ...one, birth: `${one.birth.slice(0, 5)}01-${day}` }, 3));
    }
  }
  await bring('employment_roster', '务工就业名册', lines);
  const left = async (): Promise<Pairs> => api<Pairs>(clerk, 'GET', '/api/v1/roster-pairs?roster=employment_roster&limit=100');
  const all = (await left()).open;
  assert.ok(all >= PAIRS_WANTED, `${all} pairs`);

  const decided = new Map<string, number>();
  clerk.on('response', (response) => {
    const id = /roster-pairs\/([^/]+)\/decision/.exec(response.url())?.[1];
    if (id && response.ok()) decided.set(id, (decided.get(id) ?? 0) + 1);
  });
  const shown = clerk.getByText(/还有 \d+ 对/);
  const number = async (): Promise<number> => Number(/\d+/.exec(await shown.innerText())?.[0]);
  const open = async (): Promise<void> => {
    await clerk.goto(`${office.address}/roster-pairs?roster=employment_roster`);
    await clerk.locator('.sides').waitFor();
  };
  const right = async (): Promise<void> => {
    let asked = await left();
    // What was sent just before a reload may be written only now: page and server agree in the end.
    for (const until = Date.now() + 20_000; (await number()) !== asked.open && Date.now() < until; asked = await left()) await clerk.waitForTimeout(50);
    assert.equal(await number(), asked.open);
    for (const one of asked.items) assert.ok(!decided.has(one.id), 'nobody is asked twice');
  };

  await open();
  assert.equal(await number(), all);
  const begin = Date.now();
  const strokes = 45;
  for (let at = 0; at < strokes; ++at) {
    const answer = clerk.waitForResponse((response) => response.url().includes('/decision'));
    await clerk.keyboard.press(at % 3 === 0 ? '1' : '2');
    assert.ok((await answer).ok());
    await clerk.locator('.keys .main:enabled').waitFor();
  }
  run.diagnostic(`${Math.round((strokes * 60_000) / (Date.now() - begin))} pairs a minute by keyboard, as fast as the page takes them`);
  await right();

  // In the middle, and right after a keystroke, before its answer.
  for (let at = 0; at < 12; ++at) {
    const before_it = (await left()).open;
    await clerk.keyboard.press('2');
    await clerk.reload();
    await clerk.locator('.sides').waitFor();
    await right();
    const now = (await left()).open;
    assert.ok(now === before_it || now === before_it - 1, `${now} of ${before_it}`);
  }

  // The rest through what the page itself asks, with a reload in between.
  for (let page = await left(); page.open > 30; page = await left()) {
    const some = page.items.slice(0, Math.min(100, page.open - 30));
    await clerk.evaluate(async (pairs) => {
      const me = await (await fetch('/api/v1/session')).json();
      for (const one of pairs) {
        await fetch(`/api/v1/roster-pairs/${one.id}/decision`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf_token }, body: JSON.stringify({ decision: 'different', version: one.version }) });
      }
    }, some);
    await open();
    await right();
  }
  while ((await left()).open > 0) {
    const answer = clerk.waitForResponse((response) => response.url().includes('/decision'));
    await clerk.keyboard.press('2');
    assert.ok((await answer).ok());
    await clerk.locator('.keys .main:enabled, .empty').first().waitFor();
  }
  await clerk.getByText('没有待判断的配对。').waitFor();
  assert.ok([...decided.values()].every((times) => times === 1), 'each was decided once');
  assert.deepEqual(window.complaints, []);
});
