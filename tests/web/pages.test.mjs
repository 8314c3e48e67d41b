// Every page that the router knows, in the seeded demo: axe-core finds nothing, in both languages and
// themes, on a phone and on a wide screen; nothing is too wide or too small; the console stays silent;
// and everything is there without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, layoutFaults, violations } from './lib/browser.mjs';
import { asked } from './lib/courtyard.mjs';
import { EXAMPLES } from './lib/places.mjs';
import { Season } from './lib/season.mjs';

const pages = asked(['admin', 'pages', '--json']);
const LOOKS = ['zh-CN', 'en'].flatMap((locale) =>
  ['light', 'dark'].flatMap((colorScheme) =>
    [{ width: 360, height: 740 }, { width: 1920, height: 1080 }].map((viewport) => ({ locale, colorScheme, viewport })),
  ),
);
const LONG = { timeout: 240_000 };
let season;

before(async () => {
  season = await Season.open();
});

after(() => season?.close());

test('every page that the router knows has an example, and no example is of a page that is gone', () => {
  assert.deepEqual(Object.keys(EXAMPLES).sort(), pages.map((page) => page.path).sort());
});

for (const known of pages.filter((page) => EXAMPLES[page.path] && page.path.includes(process.env.PAGES ?? ''))) {
  test(`${known.path} is legible, fits and stays silent in every language, theme and width`, LONG, async () => {
    const faults = [];
    for (const look of LOOKS) {
      const { page, context, complaints, addresses } = await season.at(known, look);
      for (const address of addresses) {
        const came = await page.goto(address);
        const where = `${address.slice(0, 40)} ${look.locale} ${look.colorScheme} ${look.viewport.width}`;
        if (came.status() !== 200) faults.push(`${where}: status ${came.status()}`);
        if (new URL(page.url()).pathname !== new URL(address, page.url()).pathname) faults.push(`${where}: sent to ${page.url()}`);
        const lang = EXAMPLES[known.path].paper ? 'zh-CN' : look.locale;
        if ((await page.getAttribute('html', 'lang')) !== lang) faults.push(`${where}: not in this language`);
        faults.push(...(await violations(page)).map((line) => `${where}: ${line}`));
        faults.push(...(await layoutFaults(page)).map((line) => `${where}: ${line}`));
      }
      faults.push(...complaints);
      await context.close();
    }
    assert.equal(faults.length, 0, `\n${[...new Set(faults)].join('\n')}`);
  });

  test(`${known.path} shows the same without JavaScript`, LONG, async () => {
    const shown = [];
    for (const javaScriptEnabled of [true, false]) {
      const { page, context, addresses } = await season.at(known, { javaScriptEnabled });
      await page.goto(addresses[0]);
      shown.push(await page.locator('main').innerText());
      await context.close();
    }
    assert.equal(shown[1], shown[0]);
  });

  test(`${known.path} is worked with the keyboard: Tab reaches every link, field and button, and shows where it is`, LONG, async () => {
    const { page, context, addresses } = await season.at(known);
    await page.goto(addresses[0]);
    const faults = await page.evaluate(() => {
      const usable = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
      const odd = [...document.querySelectorAll(usable)].filter((e) => e.tabIndex !== 0 && e.type !== 'radio');
      return odd.map((e) => e.outerHTML.slice(0, 120));
    });
    // From the top, also where a field took the focus by itself.
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
    });
    await page.keyboard.press('Tab');
    const first = await page.evaluate(() => {
      const { outlineStyle } = getComputedStyle(document.activeElement);
      return { skips: document.activeElement.matches('.skip'), outlineStyle, left: document.activeElement.getBoundingClientRect().left };
    });
    if (!(first.skips && first.left >= 0) && !EXAMPLES[known.path].paper) faults.push('the first Tab is not the way to the content');
    if (first.outlineStyle === 'none') faults.push('what has the focus is not shown');
    const wanted = page.locator('main').locator('button:visible, a.button:visible').first();
    if (await wanted.count()) {
      const reached = async () => wanted.evaluate((e) => e === document.activeElement);
      let presses = 0;
      while (!(await reached()) && presses < 200) {
        await page.keyboard.press('Tab');
        presses += 1;
      }
      if (!(await reached())) faults.push(`200 presses of Tab do not reach ${await wanted.innerText()}`);
    }
    await context.close();
    assert.deepEqual(faults, []);
  });
}

test('the checks themselves find a picture without words, pale letters, a small button and what is too wide', LONG, async () => {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  await page.setContent(
    '<html lang=en><title>x</title><main><h1>x</h1><img src="data:,"><p style="color:#ccc">pale</p><button style="height:20px">small</button><div style="width:500px">wide</div></main>',
  );
  const [rules, faults] = [(await violations(page)).join(), (await layoutFaults(page)).join()];
  await browser.close();
  assert.match(rules, /image-alt/);
  assert.match(rules, /color-contrast/);
  assert.match(faults, /wider than the window/);
  assert.match(faults, /only 20 px high/);
});
