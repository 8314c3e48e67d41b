// From an empty folder to the first slip on the office's open overview, as people do it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visitor } from './lib/browser.mjs';
import { County, serve, today } from './lib/courtyard.mjs';

const PASSWORD = 'a long password';
let browser, county, server, office;

before(async () => {
  browser = await launch();
  county = new County();
  server = await serve(county.data);
  office = await visitor(browser, server.address);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  county?.remove();
});

test('the first visitor is led to the set-up, and its code makes them the administrator', { timeout: 60_000 }, async () => {
  const { page } = office;
  await page.goto('/');
  assert.match(page.url(), /\/setup$/);
  const code = server.said.match(/type the set-up code (\S+)/)?.[1];
  assert.ok(code, server.said);
  await page.fill('#code', code);
  await page.fill('#name', '王管理');
  await page.fill('#password', PASSWORD);
  await page.fill('#again', PASSWORD);
  await page.fill('#village', '石桥村');
  await page.click('main button[type=submit]');
  await page.waitForURL('**/villages');
  assert.match(await page.innerText('main'), /石桥村/);
});

test('an invitation made on the page enrols a phone', { timeout: 60_000 }, async () => {
  const { page } = office;
  await page.goto('/villages');
  await page.click('form[action$="/invite"] button');
  await page.waitForSelector('.qr svg');
  const invitation = await page.inputValue('#text');
  assert.match(invitation, /^CY1\./);
  county.enrol('phone', invitation);
  await page.goto('/villages');
  assert.match(await page.innerText('main'), /● 在用/);
});

test('the first slip appears on the open overview without a reload', { timeout: 60_000 }, async () => {
  const day = today();
  county.import('products', 'code,name,category\n102,菠菜,叶菜\n');
  county.import('prices', `date,code,grade,price\n${day},102,A,3.19/kg\n`);
  county.import('growers', 'village,name,group\n石桥村,王秀英,2组\n');
  county.phone('phone', 'sync');
  const { page } = office;
  await page.goto('/');
  assert.doesNotMatch(await page.innerText('main'), /36\.21/);
  await page.evaluate(() => { globalThis.notReloaded = true; });
  const [grower] = county.phone('phone', 'search', '王秀英').growers;
  county.phone('phone', 'buy', '--grower', grower.grower, '--product', '菠菜', '--weigh', '12.852-1.5');
  county.phone('phone', 'sync');
  await page.waitForFunction(() => document.querySelector('main').innerText.includes('36.21'));
  assert.equal(await page.evaluate(() => globalThis.notReloaded), true);
});

test('the slip has a page with its weighings and its proof, and a paper to print', { timeout: 60_000 }, async () => {
  const { page } = office;
  await page.goto('/slips');
  await page.locator('table.slips a[href^="/slips/"]').first().click();
  await page.waitForURL(/\/slips\/\w+-\d+$/);
  const text = await page.innerText('main');
  for (const wanted of ['王秀英', '菠菜', '36.21', '12.852']) assert.ok(text.includes(wanted), `${wanted}:\n${text}`);
  await page.click('a[href$="/print"]');
  await page.waitForURL('**/print');
  assert.match(await page.innerText('.paper'), /农产品收购单[\s\S]*王秀英[\s\S]*菠菜[\s\S]*36\.21/);
  assert.ok(await page.locator('.code svg').isVisible());
});

test('nothing on the way complained in the console', () => {
  assert.deepEqual(office.complaints, []);
});
