// Coming in: refused, admitted, first password, one-time code, throttled, ended.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openBrowser, signIn, type Window } from './browser.ts';
import { openOffice, type Office } from './office.ts';

let office: Office;
let window: Window;

before(async () => {
  [office, window] = await Promise.all([openOffice(), openBrowser()]);
});

after(async () => {
  await window?.end();
  await office?.end();
});

function codeFrom(secret: string, at: number): string {
  const bits = Array.from(secret.replace(/=+$/, ''), (letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest[19]! & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a page asks for a session, and brings back to where one wanted to go', async () => {
  const page = await window.page();
  await page.goto(`${office.address}/journal`);
  await page.waitForURL('**/login?to=/journal');
  await page.fill('#name', 'admin');
  await page.fill('#password', office.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/journal');
  await page.context().close();
});

test('a wrong password is answered in one sentence, and what was typed stays', async () => {
  const page = await window.page();
  await page.goto(`${office.address}/login`);
  await page.fill('#name', 'admin');
  await page.fill('#password', 'certainly not this');
  await page.click('form button.main');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  assert.match((await alert.textContent()) ?? '', /密码/);
  assert.equal(await page.inputValue('#name'), 'admin');
  await page.context().close();
});

test('many wrong passwords are slowed down, and the page says so', async () => {
  const page = await window.page();
  await page.goto(`${office.address}/login`);
  const answers: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('/api/v1/session') && response.request().method() === 'POST') answers.push(response.status());
  });
  for (let attempt = 0; attempt < 30 && !answers.includes(429); attempt++) {
    await page.fill('#name', 'leader');
    await page.fill('#password', `wrong ${attempt}`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/session') && response.request().method() === 'POST');
    await page.click('form button.main');
    await answered;
    await page.locator('form button.main:enabled').waitFor();
  }
  assert.ok(answers.includes(429), `thirty attempts were answered ${answers.join(' ')}`);
  await page.getByRole('alert').waitFor();
  await page.context().close();
});

test('a new user signs in with the password for one use and must choose another', async () => {
  const admin = await window.page();
  await signIn(admin, office, 'admin');
  await admin.goto(`${office.address}/users`);
  await admin.getByRole('button', { name: '新增用户' }).click();
  await admin.fill('#n-display', '陈小岚');
  await admin.fill('#n-name', 'chenxiaolan');
  await admin.getByRole('combobox', { name: '单位', exact: true }).click();
  await admin.getByRole('combobox', { name: '单位', exact: true }).pressSequentially('水务');
  await admin.getByRole('option', { name: /区水务局/ }).click();
  await admin.selectOption('#n-role', 'lead-unit-clerk');
  await admin.getByRole('button', { name: '建立账号' }).click();
  const secret = (await admin.locator('.secret').textContent())?.trim() ?? '';
  assert.ok(secret.length >= 8, 'a password is shown');
  await admin.getByRole('button', { name: '已抄下' }).click();

  const page = await window.page();
  await page.goto(`${office.address}/login`);
  await page.fill('#name', 'chenxiaolan');
  await page.fill('#password', secret);
  await page.click('form button.main');
  await page.waitForURL('**/password');
  await page.fill('#old', secret);
  await page.fill('#new', '短');
  await page.fill('#again', '短');
  await page.getByRole('button', { name: '修改密码' }).click();
  await page.locator('.wrong').first().waitFor();
  await page.fill('#new', '椰子树下有一口甜水井');
  await page.fill('#again', '椰子树下有一口甜水井');
  await page.getByRole('button', { name: '修改密码' }).click();
  await page.waitForURL('**/today');
  await page.context().close();
  await admin.context().close();
});

test('with a one-time code the password alone is not enough', async () => {
  const page = await window.page();
  await signIn(page, office, 'inspector');
  await page.goto(`${office.address}/settings`);
  await page.getByRole('button', { name: '启用', exact: true }).click();
  const secret = (await page.locator('code').textContent())?.trim() ?? '';
  const day_shift_s = await page.evaluate(async () => {
    const me = (await (await fetch('/api/v1/session')).json()) as { today: string };
    return Math.round((Date.parse(me.today) - Date.now()) / 86_400_000) * 86_400;
  });
  const proved = await proveWithEither(page, secret, [0, day_shift_s]);
  await page.getByText('已启用').waitFor();
  await page.getByRole('button', { name: '退出登录' }).last().click();
  await page.waitForURL('**/login');
  await page.fill('#name', 'inspector');
  await page.fill('#password', office.password);
  await page.click('form button.main');
  await page.fill('#code', '000000');
  await page.click('form button.main');
  await page.getByRole('alert').waitFor();
  await page.fill('#code', codeFrom(secret, Date.now() / 1000 + proved + 30)); // a code serves once: the next one
  await page.click('form button.main');
  await page.waitForURL('**/today');
  await page.context().close();
});

/** A demo office's clock may stand in another year; its authenticator would stand there too. */
async function proveWithEither(page: Awaited<ReturnType<Window['page']>>, secret: string, shifts_s: number[]): Promise<number> {
  for (const shift of shifts_s) {
    await page.fill('#prove', codeFrom(secret, Date.now() / 1000 + shift));
    const answered = page.waitForResponse((response) => response.url().endsWith('/session/code') && response.request().method() === 'PUT');
    await page.getByRole('button', { name: '确认启用' }).click();
    if ((await answered).ok()) return shift;
  }
  throw new Error('no code was accepted');
}

test('a session that ended asks again on the spot and keeps what was typed', async () => {
  const page = await window.page();
  await signIn(page, office, 'office');
  await page.goto(`${office.address}/plan`);
  await page.locator('a.tile').nth(2).click();
  await page.locator('a.title').first().click();
  await page.getByRole('button', { name: '报送' }).first().click();
  await page.fill('#report-text', '已到村核对，照片随后补。');
  await page.context().clearCookies();
  await page.locator('dialog form .button.main').click();
  await page.fill('#again-password', office.password);
  await page.locator('dialog').last().getByRole('button', { name: '登录', exact: true }).click();
  await page.locator('#again-password').waitFor({ state: 'detached' });
  assert.equal(await page.inputValue('#report-text'), '已到村核对，照片随后补。');
  await page.context().close();
});

test('signing out ends the session', async () => {
  const page = await window.page();
  await signIn(page, office, 'office');
  await page.getByRole('button', { name: '退出登录' }).first().click();
  await page.waitForURL('**/login');
  await page.goto(`${office.address}/today`);
  await page.waitForURL('**/login');
  await page.context().close();
});

test('no page complained', () => {
  assert.deepEqual(window.complaints, []);
});
