// Pictures of the seeded demo for README and docs: node tests/web/screenshots.mjs
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Season } from './lib/season.mjs';

const WIDE = { viewport: { width: 1200, height: 720 } };
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1.5 };
const DARK_EN = { colorScheme: 'dark', locale: 'en' };
/** Larger, and a clone of the repository would be slow for everybody. */
const MOST_BYTES = 150 * 1024;

/** Name → who sees what, and how. */
const PICTURES = {
  'overview': { as: 'manager', at: () => '/', ...WIDE },
  'overview-phone': { as: 'manager', at: () => '/', ...PHONE, ...DARK_EN },
  'slips': { as: 'manager', at: () => '/slips', ...WIDE },
  'slip': { as: 'reviewer', at: (it) => `/slips/${it.slip}`, ...WIDE },
  'print': { as: 'reviewer', at: (it) => `/slips/${it.slip}/print`, media: 'print', viewport: { width: 800, height: 560 } },
  'exceptions': { as: 'reviewer', at: () => '/exceptions', ...WIDE },
  // The month in which the demo's season ends: later ones are empty.
  'grower-month': { as: 'grower', at: () => '/g/month/2026-10', ...PHONE },
  'grower-year': { as: 'grower', at: () => '/g', ...PHONE, ...DARK_EN, viewport: { width: 360, height: 1100 }, deviceScaleFactor: 1.2 },
  'grower-elder': { as: 'grower', at: () => '/g/look/elder?back=%2Fg%2Fmonth%2F2026-10', ...PHONE },
  'check': { at: (it) => it.check, ...PHONE },
};

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });
const large = [];
const season = await Season.open();
try {
  for (const [name, { as, at, whole = false, media, ...look }] of Object.entries(PICTURES)) {
    const { page, context } = await season.visit(as, look);
    await page.goto(at(season.things));
    if (media) await page.emulateMedia({ media });
    await page.evaluate(() => document.activeElement?.blur());
    const path = `${folder}/${name}.png`;
    await page.screenshot({ path, fullPage: whole });
    const bytes = statSync(path).size;
    console.log(`${name}.png ${bytes}`);
    if (bytes > MOST_BYTES) large.push(name);
    await context.close();
  }
} finally {
  await season.close();
}
if (large.length > 0) throw new Error(`larger than ${MOST_BYTES} bytes: ${large.join(', ')}`);
