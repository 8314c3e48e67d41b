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

/** What axe-core finds wrong with the open page, a line each. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary?.replace(/\s+/g, ' ')}`),
  );
}
