// Every page: fits a desk and a phone, has no serious barrier, answers in both languages and to the keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { breaksNoWord, DESK, fitsItsWidth, isAccessible, openBrowser, PHONE, show, signIn, type Window } from './browser.ts';
import { openOffice, ownDocument, type Office } from './office.ts';
import type { Page } from '../../web/node_modules/playwright-core/index.d.ts';

let office: Office;
let window: Window;
let page: Page;
let pages: Record<string, string>;

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
  page = await window.page();
  await signIn(page, office, 'admin');
  await page.goto(`${office.address}/plan`);
  await page.locator('a.tile').nth(2).click();
  await page.waitForURL('**/tasks/*');
  const task = new URL(page.url()).pathname;
  await page.locator('a.title').first().click();
  await page.waitForURL('**/measures/*');
  const measure = new URL(page.url()).pathname;
  await page.goto(`${office.address}/imports`);
  await page.setInputFiles('input[type=file]', ownDocument('autumn_plan.txt'));
  await page.waitForURL('**/imports/*');
  const review = new URL(page.url()).pathname;
  await page.goto(`${office.address}/households`);
  await page.locator('tbody a').first().click();
  await page.waitForURL('**/households/*');
  const household = new URL(page.url()).pathname;
  pages = {
    today: '/today',
    board: '/plan',
    plans: '/plans',
    task,
    measure,
    imports: '/imports',
    review,
    workbench: '/workbench',
    units: '/units',
    users: '/users',
    journal: '/journal',
    settings: '/settings',
    households: '/households',
    household,
    register: '/register',
    ledgers: '/ledgers',
    ledger: '/ledgers/water',
    deliveries: '/ledgers/water/deliveries',
    ledger_imports: '/ledger-imports',
    policy: '/policy',
    burden: '/burden',
    rosters: '/rosters',
    roster: '/rosters/school_register',
    pairs: '/roster-pairs',
    discrepancies: '/discrepancies',
    comparisons: '/comparisons',
    findings: '/findings',
    finding: '/findings?rule=health.insured',
    whatif: '/what-if',
    goals: '/goals',
    password: '/password',
    missing: '/nothing/here',
  };
});

after(async () => {
  await window?.end();
  await office?.end();
});

test('every page has a heading and fits a desk and a phone', async () => {
  for (const [name, to] of Object.entries(pages)) {
    for (const size of [DESK, PHONE]) {
      await page.setViewportSize(size);
      await show(page, office, to);
      await fitsItsWidth(page, `${name} at ${size.width}`);
      assert.equal(await page.locator('h1').count(), 1, `${name} has one first heading`);
    }
  }
  await page.setViewportSize(DESK);
});

test('the board answers its question on the first screen', async () => {
  await page.setViewportSize(DESK);
  await show(page, office, '/plan');
  const tiles = page.locator('a.tile');
  assert.equal(await tiles.count(), 34);
  const last = await tiles.last().boundingBox();
  assert.ok(last && last.y + last.height <= DESK.height, `the last tile ends at ${last && last.y + last.height}`);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious barrier (${scheme})`, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const [name, to] of Object.entries(pages)) {
      await show(page, office, to);
      await isAccessible(page, `${name} (${scheme})`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  });
}

test('the login page and the sheets have no serious barrier either', async () => {
  const guest = await window.page({ reducedMotion: 'reduce' });
  await guest.goto(`${office.address}/login`);
  await guest.locator('#name').waitFor();
  await isAccessible(guest, 'login');
  await signIn(guest, office, 'office');
  await guest.goto(office.address + pages.measure);
  await guest.getByRole('button', { name: '报送' }).first().click();
  await guest.locator('#report-text').waitFor();
  await isAccessible(guest, 'report');
  await guest.keyboard.press('Escape');
  await guest.locator('dialog').waitFor({ state: 'detached' });
  await guest.getByRole('button', { name: '更正' }).click();
  await guest.locator('#c-title').waitFor();
  await isAccessible(guest, 'correction');
  await guest.context().close();
});

test('the language is switched, kept, and no Chinese is left in what the program says', async () => {
  await show(page, office, '/today');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: /Today/ }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: /Today/ }).waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await show(page, office, '/plan');
  const words = await page.locator('nav.rail, .counts, .ways, .due h2').allInnerTexts();
  assert.doesNotMatch(words.join(' '), /[\u4e00-\u9fff]/);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('link', { name: '要点', exact: true }).first().waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
});

test('in English no page breaks a word or leaves its headings in Chinese', async () => {
  const guest = await window.page({ reducedMotion: 'reduce' });
  await signIn(guest, office, 'office');
  await guest.getByRole('button', { name: 'English' }).click();
  await guest.waitForFunction(() => document.documentElement.lang === 'en');
  for (const [name, to] of Object.entries(pages)) {
    if (to === '/users' || to === '/journal') continue; // not for the office
    for (const size of [DESK, PHONE]) {
      await guest.setViewportSize(size);
      await show(guest, office, to);
      await breaksNoWord(guest, `${name} at ${size.width}`);
      await fitsItsWidth(guest, `${name} in English at ${size.width}`);
    }
    const words = await guest.locator('#content h2, #content thead th, #content .button').allInnerTexts();
    if (name !== 'review') assert.doesNotMatch(words.join(' '), /[\u4e00-\u9fff]/, name);
  }
  await guest.context().close();
});

test('a page brings no more than an old phone can take', async () => {
  const kilobytes_max = 130;
  for (const name of ['today', 'board', 'measure', 'households', 'household', 'ledgers', 'ledger', 'findings']) {
    const guest = await window.page({ viewport: PHONE, reducedMotion: 'reduce' }); // with nothing kept
    await signIn(guest, office, 'office');
    await guest.close();
    const fresh = await guest.context().newPage();
    await show(fresh, office, pages[name] ?? '');
    await fresh.waitForTimeout(300); // what is fetched when it is shown
    const bytes = await fresh.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter((one) => one.name.includes('/assets/')).reduce((sum, one) => sum + one.encodedBodySize, 0));
    assert.ok(bytes > 0 && bytes <= kilobytes_max * 1024, `${name} brings ${Math.round(bytes / 1024)} kB`);
    await guest.context().close();
  }
});

test('everything the rail offers is reached on a phone', async () => {
  const offered = async (): Promise<string[]> => (await page.locator('.rail li a:visible, #content nav.more a:visible').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))).sort();
  await show(page, office, '/settings');
  const at_desk = await offered();
  await page.setViewportSize(PHONE);
  assert.deepEqual(await offered(), at_desk);
  await page.setViewportSize(DESK);
});

test('the journal tells in words what was done, and shows nothing sealed', async () => {
  for (const action of ['household.registered', 'household.income_written', 'ledger_row.added']) {
    await show(page, office, `/journal?action=${action}`);
    await page.locator('tbody button[aria-expanded]').first().click();
    const told = await page.locator('.opened').innerText();
    assert.doesNotMatch(told.replace(/校验值 [0-9a-f]+/, ''), /[a-z]{3,}_|[0-9a-f]{8}-|[A-Za-z0-9+/]{40}/, action);
  }
  assert.doesNotMatch((await page.locator('select option').allInnerTexts()).join(), /[a-z]+\.[a-z]+/);
});

test('the keyboard finds, walks and opens', async () => {
  await show(page, office, '/plan');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'combobox');
  await page.keyboard.type('饮水');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/tasks/8');

  await show(page, office, '/plan');
  await page.locator('a.tile').first().focus();
  await page.keyboard.press('ArrowRight');
  const second = await page.evaluate(() => document.activeElement?.getAttribute('href'));
  assert.match(second ?? '', /\/tasks\/2$/);
  await page.keyboard.press('ArrowDown');
  const below = await page.evaluate(() => document.activeElement?.getAttribute('href'));
  assert.match(below ?? '', /\/tasks\/4$/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
  assert.equal(outline, 'solid', 'the focus is seen');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/tasks/4');
  await page.locator('a.title').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/measures/*');
});

test('the bell tells what is new, and that it was seen', async () => {
  const other = await window.page();
  await signIn(other, office, 'water');
  const bell = other.locator('button.bell');
  await bell.locator('.count').waitFor();
  await bell.click();
  assert.ok((await other.locator('#news-list li').count()) > 0);
  await isAccessible(other, 'news');
  await bell.locator('.count').waitFor({ state: 'detached' });
  await other.keyboard.press('Escape');
  await other.locator('#news-list').waitFor({ state: 'hidden' });
  await bell.click();
  await other.locator('#news-list a').first().click();
  await other.waitForURL('**/measures/*');
});

test('search finds a measure of a plan that has no document', async () => {
  await show(page, office, '/today');
  await page.keyboard.press('/');
  await page.keyboard.type('签订');
  await page.locator('#search-found li .kind', { hasText: '措施' }).first().waitFor();
  await page.keyboard.press('Escape');
});

test('figures are ways to what stands behind them', async () => {
  await show(page, office, '/plan');
  for (const state of ['late', 'unknown', 'done']) {
    await page.locator(`.counts .count.${state}`).click();
    await page.waitForURL(`**state=${state}`);
    const figure = Number(await page.locator(`.counts .count.${state} .value`).innerText());
    await page.locator('.behind h2').waitFor();
    await page.locator('.behind [role=status]').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.behind tbody tr').count(), figure, `${state} measures`);
  }
  await page.getByRole('button', { name: '回到全部任务' }).click();
  await page.locator('a.tile').first().waitFor();
});

test('without the server a page keeps what it showed and says so', async () => {
  await show(page, office, '/plan');
  await page.context().setOffline(true);
  await page.locator('.rail a', { hasText: '工作台' }).click();
  await page.getByText('连不上服务器').first().waitFor();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: '再试一次' }).click({ timeout: 3000 }).catch(() => undefined); // it may have read again by itself
  await page.locator('.counts').waitFor();
});

test('the journal shows what was done and that its chain is whole', async () => {
  await show(page, office, '/journal');
  await page.getByRole('button', { name: '校验记录链' }).click();
  await page.getByText('没有被改动').waitFor();
  await page.locator('tbody .act button').first().click();
  await page.locator('dl dt').first().waitFor();
});

test('someone without the permission is not led there, and not let in', async () => {
  const clerk = await window.page();
  await signIn(clerk, office, 'water');
  assert.equal(await clerk.locator('.rail a', { hasText: '操作记录' }).count(), 0);
  await clerk.goto(`${office.address}/journal`);
  await clerk.getByRole('alert').waitFor();
  await clerk.context().close();
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
