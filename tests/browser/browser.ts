// Debian's Chromium, a page of its own for each user, and what tests ask of a page again and again.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from '../../web/node_modules/playwright-core/index.d.ts';
import type { Office } from './office.ts';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core') as typeof import('../../web/node_modules/playwright-core/index.d.ts');
const axe_source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const DESK = { width: 1280, height: 720 };
export const PHONE = { width: 375, height: 812 };

export interface Window {
  browser: Browser;
  /** A page in a context of its own, so that several people can be signed in at once. */
  page: (options?: BrowserContextOptions) => Promise<Page>;
  /** What pages wrote to the console as errors, and what they threw. */
  complaints: string[];
  end: () => Promise<void>;
}

export async function openBrowser(): Promise<Window> {
  const home = mkdtempSync(join(tmpdir(), 'yihu-chromium-'));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const complaints: string[] = [];
  return {
    browser,
    complaints,
    page: async (options = {}) => {
      const context = await browser.newContext({ viewport: DESK, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
      page.on('console', (message) => {
        // Chromium itself reports every refused request; those are expected where a test asks for them.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(`${page.url()}: ${message.text()}`);
      });
      return page;
    },
    end: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export async function signIn(page: Page, office: Office, name: string, password = office.password): Promise<void> {
  await page.goto(`${office.address}/login`);
  await page.fill('#name', name);
  await page.fill('#password', password);
  await page.click('form button.main');
  await page.waitForURL('**/today');
}

export async function fitsItsWidth(page: Page, name: string): Promise<void> {
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= seen, `${name} is ${wide} px wide on a screen of ${seen}`);
}

/** Rules of WCAG 2.1 A and AA; what axe calls serious or critical fails. */
export async function isAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(axe_source); // as the debugger does it: a script element would break the page's content policy
  const found = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[] }> } }).axe;
    const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return result.violations
      .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
      .map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join('; ')}`);
  });
  assert.deepEqual(found, [], `${name} is hard to use for some`);
}

/** No word goes over the end of a line in its middle, and no text stands over the edge of what holds it. */
export async function breaksNoWord(page: Page, name: string): Promise<void> {
  const found = await page.evaluate(() => {
    const broken: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? '';
      const holder = node.parentElement;
      if (!holder?.checkVisibility() || holder.closest('script, style, svg, option, .unseen, .hash, .mono')) continue;
      for (const word of text.matchAll(/[A-Za-z]{2,}/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const tops = new Set([...range.getClientRects()].filter((rect) => rect.width > 0).map((rect) => Math.round(rect.top)));
        if (tops.size > 1) broken.push(`${word[0]} in "${text.trim().slice(0, 60)}"`);
      }
    }
    return broken.slice(0, 5);
  });
  assert.deepEqual(found, [], `${name} breaks words`);
}

/** Goes to a page and waits until everything on it has been read. */
export async function show(page: Page, office: Office, to: string): Promise<void> {
  await page.goto(office.address + to);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[role=status].waiting'));
}
