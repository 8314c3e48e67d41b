// Slips as the office works with them: find, turn pages, take away, read one, print it; all without JavaScript too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn } from './lib/browser.mjs';
import { Season } from './lib/season.mjs';

const WITHIN = { timeout: 120_000 };
let season;

before(async () => {
  season = await Season.open();
});

after(() => season?.close());

/** The numbers of the slips that the list shows. */
const numbers = (page) => page.locator('table.slips tbody tr td:first-child a').allInnerTexts();
/** How many the totals say. */
const count = async (page) => Number((await page.locator('dl.sums dd').first().innerText()).replaceAll(',', ''));

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

  test(`${how} the list is searched, filtered, taken back and turned`, WITHIN, async () => {
    const { page, context, complaints } = await season.visit('clerk', { javaScriptEnabled });
    await page.goto('/slips');
    const all = await count(page);
    const first = await numbers(page);
    await page.click('nav.pages a[rel=next]');
    await page.waitForURL(/older=/);
    await page.waitForSelector('nav.pages a[rel=prev]');
    const second = await numbers(page);
    assert.ok(second.length > 0 && second.every((number) => !first.includes(number)), 'the next page repeats the first');
    await page.click('nav.pages a[rel=prev]');
    await page.waitForURL(/newer=/);
    await page.locator(`table.slips a[href="/slips/${first[0]}"]`).waitFor();
    assert.deepEqual(await numbers(page), first);

    await page.goto('/slips');
    await page.selectOption('#village', '1');
    await page.check('#unpaid');
    await page.click('form.filters button[type=submit], form[action="/slips"] button[type=submit]');
    await page.waitForURL(/village=1/);
    const fewer = await count(page);
    assert.ok(fewer > 0 && fewer < all, `${fewer} of ${all}`);
    assert.match(await page.locator('ul.chips').innerText(), /石桥村/);
    await page.locator('ul.chips a', { hasText: '石桥村' }).click();
    await page.waitForURL((url) => !url.searchParams.get('village'));
    await page.locator('ul.chips a', { hasText: '石桥村' }).waitFor({ state: 'detached' });
    assert.ok((await count(page)) > fewer);

    await page.goto('/slips');
    await page.fill('#q', season.things.slip);
    await page.press('#q', 'Enter');
    await page.waitForURL(/q=/);
    await page.locator('ul.chips').waitFor();
    assert.deepEqual(await numbers(page), [season.things.slip]);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('Back leads from a selection, and from a slip in it, to the list before', WITHIN, async () => {
  const { page, context, complaints } = await season.visit('clerk');
  await page.goto('/slips');
  const all = await count(page);
  const first = await numbers(page);
  const choose = async (village) => {
    await page.selectOption('#village', village);
    await page.click('form.filters button[type=submit]');
    await page.waitForURL(`**/slips?*village=${village}*`);
    await page.locator('ul.chips').waitFor();
  };
  const back = async () => {
    await page.goBack();
    await page.waitForURL('**/slips');
    await page.locator('ul.chips').waitFor({ state: 'detached' });
    assert.deepEqual(await numbers(page), first);
    assert.equal(await count(page), all);
    assert.equal(await page.inputValue('#village'), '');
    assert.equal(await page.locator('header.top nav a').first().isVisible(), true);
  };
  await choose('1');
  await back();
  // What came back works as it did.
  await choose('2');
  const [slip] = await numbers(page);
  await page.click(`table.slips a[href="/slips/${slip}"]`);
  await page.waitForURL(`**/slips/${slip}`);
  await page.goBack();
  await page.locator('ul.chips').waitFor();
  assert.equal((await numbers(page))[0], slip);
  await back();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('who filters after the session has ended signs in and gets the selection', WITHIN, async () => {
  const { page, context } = await season.visit();
  const clerk = season.logins.users.find((user) => user.role === 'clerk');
  await signIn(page, clerk.name, clerk.password);
  await page.goto('/slips');
  await context.clearCookies();
  await page.selectOption('#village', '1');
  await page.click('form.filters button[type=submit]');
  await page.waitForURL('**/sign-in?back=*');
  await page.fill('input[name=name]', clerk.name);
  await page.fill('input[name=password]', clerk.password);
  await page.click('main button[type=submit]');
  await page.waitForURL('**/slips?*village=1*');
  assert.match(await page.locator('ul.chips').innerText(), /石桥村/);
  await context.close();
});

test('the download has exactly the slips of the selection', WITHIN, async () => {
  const { page, context } = await season.visit('clerk');
  await page.goto('/slips?village=2&unpaid=1');
  const shown = await count(page);
  const address = await page.locator('a[href^="/slips.csv"]').getAttribute('href');
  const text = await (await page.request.get(address)).text();
  const rows = text.trim().split(/\r?\n/).slice(1);
  const standing = rows.filter((row) => !/作废|留存|不认可/.test(row));
  assert.equal(standing.length, shown);
  for (const number of await numbers(page)) assert.ok(text.includes(number), number);
  const book = await page.request.get(address.replace('.csv', '.xlsx'));
  assert.equal((await book.body()).subarray(0, 2).toString(), 'PK');
  await context.close();
});

test("from the list to a slip's page, its history and its paper", WITHIN, async () => {
  const { page, context, complaints } = await season.visit('reviewer');
  await page.goto(`/slips?q=${season.things.slip}`);
  await page.click(`table.slips a[href="/slips/${season.things.slip}"]`);
  await page.waitForURL(`**/slips/${season.things.slip}`);
  const text = await page.innerText('main');
  for (const wanted of [season.things.slip, season.logins.grower.name, '过秤', '少记了一筐']) {
    assert.ok(text.includes(wanted), `${wanted} is not on the slip's page:\n${text}`);
  }
  await page.click('a[href$="/print"]');
  await page.waitForURL('**/print');
  await page.emulateMedia({ media: 'print' });
  assert.match(await page.innerText('.paper'), /农产品收购单[\s\S]*合计[\s\S]*大写/);
  // The office does not hold this slip's own signature: its paper shows no QR that proves nothing.
  assert.equal(await page.locator('.code svg').count(), 0);
  assert.equal(await page.locator('.screen').isVisible(), false);
  assert.deepEqual(complaints, []);
  await context.close();
});
