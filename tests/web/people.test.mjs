// Who may do what, and what people do that nobody planned: the household's card, roles, sessions, nonsense.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { layoutFaults, signInGrower, violations } from './lib/browser.mjs';
import { asked } from './lib/courtyard.mjs';
import { EXAMPLES } from './lib/places.mjs';
import { Season } from './lib/season.mjs';

const pages = asked(['admin', 'pages', '--json']);
const WITHIN = { timeout: 120_000 };
let season;

before(async () => {
  season = await Season.open();
});

after(() => season?.close());

test('a household opens its month with the card that the office issued, objects, and the office sees it', WITHIN, async () => {
  const { things } = season;
  const issued = season.office('admin', 'card', 'issue', things.neighbour, '--by', '王经办');
  const { page, context, complaints } = await season.visit(undefined, { viewport: { width: 360, height: 740 } });
  const card = { path: new URL(issued.address).pathname, pin: issued.pin };
  await page.goto(card.path);
  await page.fill('input[name=pin]', card.pin === '000000' ? '000001' : '000000');
  await page.click('main button[type=submit]');
  assert.match(await page.innerText('main'), /密码不对/);
  await signInGrower(page, card);
  assert.match(await page.innerText('main'), /未付/);
  await page.goto('/g/month/2026-10');
  await page.locator('main a[href^="/g/slip/"]').first().click();
  await page.click('a[href^="/g/object/"]');
  await page.locator('input[name=reason]').first().check();
  await page.fill('textarea', '筐没有放稳');
  await page.click('main form button[type=submit]');
  await page.click('button[value=send]');
  await page.waitForURL('**/g/slip/**');
  assert.match(await page.innerText('main'), /筐没有放稳/);
  assert.deepEqual(complaints, []);
  const office = await season.visit('reviewer');
  await office.page.goto(`/exceptions?kind=open_objection&grower=${things.neighbour}`);
  await office.page.locator('main a[href^="/exceptions/open_objection/"]').first().click();
  assert.match(await office.page.innerText('main'), /筐没有放稳/);
  await office.page.locator('main a[href^="/slips/"]').first().click();
  assert.match(await office.page.innerText('main'), /筐没有放稳/);
  await Promise.all([context.close(), office.context.close()]);
});

test('each page of a household loads at most 30 KB, with everything that it asks for', WITHIN, async () => {
  for (const known of pages.filter((page) => page.path === '/c' || /^\/(g|c)\//.test(page.path) || page.path === '/g')) {
    const { page, context, addresses } = await season.at(known, { viewport: { width: 360, height: 740 } });
    const sizes = [];
    page.on('response', (response) => sizes.push(response.body().then((body) => body.length, () => 0)));
    await page.goto(addresses[0], { waitUntil: 'networkidle' });
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    console.log(`# ${known.path}: ${bytes} bytes`);
    assert.ok(bytes > 1_000 && bytes <= 30_720, `${known.path}: ${bytes} bytes`);
    await context.close();
  }
});

test('长辈版 shows nothing smaller than 18 px, targets of 60 px, and keeps to the rules', WITHIN, async () => {
  for (const known of pages.filter((page) => page.access === 'grower')) {
    const { page, context, addresses } = await season.at(known, { viewport: { width: 360, height: 740 } });
    await page.goto(addresses[0]);
    await page.click('a[href^="/g/look/elder"]');
    const small = await page.evaluate(() => {
      const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (words.nextNode()) {
        const { parentElement, textContent } = words.currentNode;
        const size = parseFloat(getComputedStyle(parentElement).fontSize);
        if (textContent.trim() && parentElement.checkVisibility() && size < 18) found.push(`${size} px: ${textContent.trim().slice(0, 30)}`);
      }
      for (const target of document.querySelectorAll('button, .button, header nav a, input:not([type=hidden], [type=radio])')) {
        const { height } = target.getBoundingClientRect();
        if (height > 0 && height < 59.5) found.push(`${height} px high: ${target.outerHTML.slice(0, 80)}`);
      }
      return found;
    });
    assert.deepEqual([...small, ...(await layoutFaults(page)), ...(await violations(page))], [], known.path);
    await context.close();
  }
});

test("a slip's address shows anybody that it is true, and nobody whose it is", WITHIN, async () => {
  const { page, context, complaints } = await season.visit();
  await page.goto(season.things.check);
  const text = await page.innerText('main');
  assert.match(text, /真单/);
  assert.match(text, /县社已收到，内容一致/);
  const { name, grower } = season.logins.grower;
  const whole = await page.content();
  assert.ok(!whole.includes(name) && !whole.includes(grower), 'it names the household');
  await page.goto(season.things.check.replace(/.{9}$/, 'AAAAAAAAA'));
  assert.doesNotMatch(await page.innerText('main'), /真单/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an auditor reads every page of the office and finds nothing to act with but the own password and the way out', WITHIN, async () => {
  const { page, context } = await season.visit('auditor');
  for (const known of pages.filter((page) => page.access === 'office')) {
    for (const address of EXAMPLES[known.path].at(season.things)) {
      const came = await page.goto(address);
      assert.equal(came.status(), 200, address);
      const forms = await page.locator('form[method=post]').evaluateAll((all) => all.map((form) => form.getAttribute('action')));
      const acts = forms.filter((action) => !['/sign-out', '/users/password'].includes(action));
      assert.deepEqual(acts, [], address);
    }
  }
  await context.close();
});

test('who may not do something is told so in words, and nothing is done', WITHIN, async () => {
  const { page, context } = await season.visit('clerk');
  await page.goto('/villages');
  const csrf = await page.inputValue('input[name=csrf]');
  for (const [path, form] of [
    ['/villages', { name: '不该有的村', csrf }],
    ['/villages/1/invite', { csrf }],
    ['/users', { name: '不该有的人', role: 'administrator', csrf }],
  ]) {
    const came = await page.request.post(path, { form, headers: { accept: 'text/html' } });
    assert.ok([403, 422].includes(came.status()), `${path}: ${came.status()}`);
    assert.match(await came.text(), /没有改动任何东西/, path);
  }
  await page.goto('/villages');
  assert.doesNotMatch(await page.innerText('main'), /不该有/);
  await context.close();
});

test('a form without the secret of its session, or from another site, does nothing', WITHIN, async () => {
  const { page, context } = await season.visit('manager');
  await page.goto('/villages');
  const csrf = await page.inputValue('input[name=csrf]');
  const headers = { accept: 'text/html' };
  const sends = [
    { form: { name: '伪造村' }, headers },
    { form: { name: '伪造村', csrf: '0'.repeat(32) }, headers },
    { form: { name: '伪造村', csrf }, headers: { ...headers, origin: 'https://evil.example' } },
    { form: { name: '伪造村', csrf }, headers: { ...headers, 'sec-fetch-site': 'cross-site' } },
  ];
  for (const send of sends) {
    const came = await page.request.post('/villages', send);
    assert.equal(came.status(), 403, JSON.stringify(send));
    assert.match(await came.text(), /没有执行/);
  }
  await page.reload();
  assert.doesNotMatch(await page.innerText('main'), /伪造村/);
  await context.close();
});

test('a wrong password opens nothing, and signing out ends the session also for the back button', WITHIN, async () => {
  const { page, context } = await season.visit();
  const [{ name, password }] = season.logins.users;
  await page.goto('/sign-in?back=%2Fvillages');
  await page.fill('#name', name);
  await page.fill('#password', 'not the password');
  await page.click('main button[type=submit]');
  assert.match(await page.innerText('main'), /用户名或密码不对/);
  await page.fill('#password', password);
  await page.click('main button[type=submit]');
  await page.waitForURL('**/villages');
  const kept = await context.cookies();
  await page.click('form[action="/sign-out"] button');
  await page.waitForURL('**/sign-in');
  await page.goBack();
  await page.waitForURL('**/sign-in**');
  // Nor does the cookie that somebody copied.
  await context.addCookies(kept);
  await page.goto('/villages');
  assert.match(page.url(), /\/sign-in/);
  await context.close();
});

test('nonsense in addresses and filters is answered by a page with words', WITHIN, async () => {
  const nonsense = ['-1', '99999999999999999999', "' OR 1=1 --", '../../etc/passwd', '🐉'.repeat(40), '\0', 'x'.repeat(3_000), '"><script>alert(1)</script>', '2026-13-45'];
  const faults = [];
  for (const role of ['manager', 'grower', undefined]) {
    const { page, context } = await season.visit(role);
    const wants = pages.filter((known) => known.access === ({ manager: 'office', grower: 'grower' }[role] ?? 'open'));
    for (const known of wants) {
      const { at, keys = [] } = EXAMPLES[known.path];
      const [plain] = at(season.things);
      const addresses = [`${plain}?${'a=1&'.repeat(300)}`, `${plain}?q=%ff%fe&page=%`];
      for (const odd of nonsense.map(encodeURIComponent)) {
        addresses.push(...[...keys, 'back'].map((key) => `${plain}?${key}=${odd}`));
        addresses.push(`${plain}?${keys.map((key) => `${key}=${odd.slice(0, 300)}`).join('&')}`);
        if (known.path.includes('{')) addresses.push(known.path.replaceAll(/\{\w+\}/g, odd));
      }
      for (const address of addresses) {
        const came = await page.request.get(address, { headers: { accept: 'text/html' } });
        const text = await came.text();
        const whole = (came.headers()['content-type'] ?? '').startsWith('text/html') && text.includes('<h1');
        if (![200, 400, 403, 404].includes(came.status()) || !whole || text.includes('<script>alert')) {
          faults.push(`${came.status()} ${came.headers()['content-type']} ${address.slice(0, 100)}: ${text.slice(0, 80)}`);
        }
      }
    }
    await context.close();
  }
  assert.equal(faults.length, 0, `\n${[...new Set(faults)].slice(0, 60).join('\n')}`);
});

test('an address that is not there, and a form asked for as a page, are answered by a page with words', WITHIN, async () => {
  const { page, context } = await season.visit('manager');
  for (const address of ['/nowhere', '/slips/../../etc', '/villages/x/invite', '/sign-out', '/assets/x/y', '/g/nothing/here', '/%ff']) {
    const came = await page.request.get(address, { headers: { accept: 'text/html' } });
    const text = await came.text();
    assert.ok(came.status() < 500 && text.includes('<h1'), `${address}: ${came.status()} ${text.slice(0, 200)}`);
  }
  await context.close();
});
