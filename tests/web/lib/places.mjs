// An address for every page that the router knows, out of the seeded demo. A page without one fails the tests.

/**
 * The page's path → its addresses; `as` is who opens it, where that is not the manager or the household;
 * `keys` what its address may ask for; `paper` is Chinese in every language and has no navigation to skip.
 */
export const EXAMPLES = {
  '/setup': { at: () => ['/setup'], on: 'empty' },
  '/sign-in': { at: () => ['/sign-in', '/sign-in?back=%2Fvillages'] },
  '/': { at: () => ['/', '/?year=2026'], keys: ['year'] },
  '/villages': { at: () => ['/villages'] },
  '/users': { at: () => ['/users'], as: 'administrator' },
  '/slips': {
    at: () => ['/slips', '/slips?village=1&unpaid=1', '/slips?q=nothing-is-called-so'],
    keys: ['q', 'village', 'grower', 'product', 'from', 'to', 'state', 'unpaid', 'older', 'newer'],
  },
  '/slips/{id}': { at: (it) => [`/slips/${it.slip}`, `/slips/${it.voided}`] },
  '/slips/{id}/print': { at: (it) => [`/slips/${it.slip}/print`, `/slips/${it.voided}/print`], paper: true },
  '/exceptions': { at: () => ['/exceptions', '/exceptions?village=1&page=2'], keys: ['kind', 'village', 'owner', 'grower', 'page'] },
  '/acts': { at: () => ['/acts'], keys: ['before', 'by'] },
  '/exceptions/{kind}/{about}': { at: (it) => [it.exception] },
  '/g/card': { at: () => ['/g/card'] },
  '/g/{card}': { at: (it) => [it.card.path.toLowerCase(), '/g/0000'] },
  '/g': { at: () => ['/g'] },
  '/g/month/{month}': { at: (it) => [`/g/month/${it.month}`], keys: ['page'] },
  '/g/slip/{id}': { at: (it) => [`/g/slip/${it.slip}`] },
  '/g/payout/{id}': { at: (it) => [it.payout] },
  '/g/object/{id}': { at: (it) => [`/g/object/${it.slip}`] },
  '/c': { at: () => ['/c'] },
  '/c/{text}': { at: (it) => [it.check.replace('/C/', '/c/'), '/c/CQ1.NOTHING'] },
};

/** What the examples are filled with, found as a reader finds it. */
export async function things(season, household, office) {
  const { grower: card, slip } = season.logins;
  await household.goto('/g');
  await household.click('a[href^="/g/month/"].button');
  const month = new URL(household.url()).pathname.split('/').at(-1);
  const payout = await linked(household, '/g/payout/');
  // They are derived in the background after a start.
  let exception;
  for (let tries = 0; !exception && tries < 600; tries += 1) [exception] = await links(office, '/exceptions', '/exceptions/');
  const [voided] = (await links(office, '/slips?state=voided', '/slips/')).map((address) => address.split('/').at(-1));
  // The demo's season ends in October.
  const { growers } = season.office('report', 'income', '--month', '2026-10');
  const neighbour = growers.find((row) => row.grower !== card.grower && row.unpaid_fen > 0).grower;
  return { card, month, payout, exception, neighbour, voided, slip: slip.slip, check: slip.path };
}

/** The addresses on a page that begin so. */
async function links(page, address, start) {
  const text = await (await page.request.get(address)).text();
  const all = [...text.matchAll(/href="([^"]+)"/g)].map((match) => match[1].replaceAll('&amp;', '&'));
  return [...new Set(all)].filter((to) => to.startsWith(start));
}

/** The first address that begins so, on the months and slips of a household, the newest month first. */
async function linked(grower, start) {
  const months = (await links(grower, '/g', '/g/month/')).sort().reverse();
  for (const month of months) {
    const found = await links(grower, month, start);
    for (const slip of found.length > 0 ? [] : await links(grower, month, '/g/slip/')) found.push(...(await links(grower, slip, start)));
    if (found.length > 0) return found[0];
  }
  throw new Error(`no page of the household leads to ${start}`);
}
