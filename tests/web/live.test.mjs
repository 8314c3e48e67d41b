// An open overview while phones sync: what changed is shown and told, everything else stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, signIn, visitor } from './lib/browser.mjs';
import { County, courtyard, serve, today } from './lib/courtyard.mjs';

const PASSWORD = 'a long password';
let browser, county, server, office, grower;

before(async () => {
  county = new County();
  county.office('admin', 'village', 'add', '--name', '石桥村');
  const user = ['admin', 'user', 'add', '--name', '王经办', '--role', 'clerk', '--data', county.data];
  const added = courtyard([...user, '--password-stdin'], `${PASSWORD}\n`);
  assert.equal(added.code, 0, added.err);
  county.import('products', 'code,name,category\n102,菠菜,叶菜\n');
  county.import('prices', `date,code,grade,price\n${today()},102,A,3.19/kg\n`);
  county.import('growers', 'village,name,group\n石桥村,王秀英,2组\n');
  browser = await launch();
  server = await serve(county.data);
  office = await visitor(browser, server.address, { viewport: { width: 1280, height: 900 } });
  await signIn(office.page, '王经办', PASSWORD);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  county?.remove();
});

/** A purchase on the phone, synced. */
function buy() {
  county.phone('phone', 'buy', '--grower', grower, '--product', '菠菜', '--weigh', '12.852-1.5');
  county.phone('phone', 'sync');
}

/** What a screen reader is told, once it says this. */
function told(page, text) {
  const says = (wanted) => document.querySelector('[role=status]').textContent.includes(wanted);
  return page.waitForFunction(says, text);
}

test('the first slip takes the place of what is to be done', { timeout: 60_000 }, async () => {
  const { page } = office;
  const invited = county.office('admin', 'invite', '--village', '1', '--address', server.address);
  county.enrol('phone', invited.invitation);
  county.phone('phone', 'sync');
  grower = county.phone('phone', 'search', '王秀英').growers[0].grower;
  await page.goto('/');
  assert.match(await page.innerText('.empty'), /这里会自己出现/);
  buy();
  await page.waitForSelector('svg.chart');
  await told(page, '1 张收购单');
  assert.equal(await page.locator('.empty').count(), 0);
});

test('an open table, the focus and the place stay when a phone syncs', { timeout: 60_000 }, async () => {
  const { page } = office;
  await page.goto('/');
  await page.click('#by-village summary');
  await page.focus('#by-village td a');
  await page.evaluate(() => { globalThis.notReloaded = true; });
  buy();
  await told(page, '2 张收购单');
  const stays = await page.evaluate(() => ({
    open: document.querySelector('#by-village details').open,
    focus: document.activeElement.textContent,
    notReloaded: globalThis.notReloaded,
    pointed: [...document.querySelectorAll('.moved')].map((element) => element.textContent),
  }));
  assert.deepEqual([stays.open, stays.focus, stays.notReloaded], [true, '石桥村', true]);
  assert.ok(stays.pointed.includes('¥72.42'), stays.pointed.join());
});

test('a tab that nobody looks at asks for nothing, and catches up when it is seen', { timeout: 60_000 }, async () => {
  const { page } = office;
  const asked = [];
  const listen = (request) => asked.push(new URL(request.url()).pathname);
  const see = (state) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await see(true);
  page.on('request', listen);
  buy();
  // The server shows it by now; this page was not told.
  const other = await office.context.newPage();
  await other.goto('/');
  await told(other, '3 张收购单');
  await other.close();
  assert.deepEqual(asked, []);
  await see(false);
  await told(page, '3 张收购单');
  page.off('request', listen);
});

test('the page hears again after the server was restarted', { timeout: 90_000 }, async () => {
  const { page } = office;
  await server.stop();
  server = await serve(county.data, new URL(server.address).host);
  buy();
  await told(page, '4 张收购单');
  assert.equal(await page.evaluate(() => globalThis.notReloaded), true);
});
