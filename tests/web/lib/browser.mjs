// Debian's Chromium, driven by playwright-core; and what a page in it must never do.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Starts Chromium: `CHROMIUM`, or where Debian has it. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Root in a container has no sandbox; the pages are our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    // How its own parts of a page, such as a date's field, are written.
    env: { ...process.env, LANGUAGE: 'zh_CN' },
  });
}

/** A visitor: an own context with its cookies, and everything that its pages complained of. */
export async function visitor(browser, address, options = {}) {
  const context = await browser.newContext({ baseURL: address, locale: 'zh-CN', ...options });
  context.setDefaultTimeout(20_000);
  const complaints = [];
  const page = await context.newPage();
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning') complaints.push(`${page.url()}: ${said.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // The stream of news ends with its page.
    if (!request.url().endsWith('/events')) complaints.push(`${request.url()}: ${why}`);
  });
  return { context, page, complaints };
}

/** Signs in at the office. */
export async function signIn(page, name, password) {
  await page.goto('/sign-in');
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.click('main button[type=submit]')]);
}

/** Signs in with a household's card. */
export async function signInGrower(page, card) {
  await page.goto(card.path);
  await page.fill('input[name=pin]', card.pin);
  await Promise.all([page.waitForURL('**/g'), page.click('main button[type=submit]')]);
}

/** What axe-core finds wrong with the open page, a line each. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary?.replace(/\s+/g, ' ')}`),
  );
}

/** What is wider than the window, smaller than a finger, or not of this language: a line each. */
export function layoutFaults(page) {
  return page.evaluate(() => {
    const faults = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) {
      const out = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
      const named = out.slice(0, 4).map((e) => `${e.tagName.toLowerCase()}.${e.className} ${e.textContent.slice(0, 30)}`);
      faults.push(`${wide} px wider than the window: ${named.join(' | ')}`);
    }
    const targets = 'button, .button, nav a, header a, .chips a, .pages a, select, summary, input:not([type=hidden], [type=checkbox], [type=radio])';
    for (const target of document.querySelectorAll(targets)) {
      const { width, height, bottom } = target.getBoundingClientRect();
      if (width === 0 || bottom < 0) continue;
      if (height < 43.5) faults.push(`only ${height} px high: ${target.outerHTML.slice(0, 120)}`);
    }
    for (const box of document.querySelectorAll('input[type=checkbox], input[type=radio]')) {
      const { height } = (box.closest('label') ?? box).getBoundingClientRect();
      if (height > 0 && height < 43.5) faults.push(`only ${height} px high: ${box.outerHTML.slice(0, 120)}`);
    }
    return faults;
  });
}
