// The seeded demo with a browser beside it, and what a browser keeps of everybody who signed in.
import { launch, signIn, signInGrower, visitor } from './browser.mjs';
import { County, demo, serve } from './courtyard.mjs';
import { EXAMPLES, things } from './places.mjs';

export class Season {
  static async open() {
    const it = new Season();
    try {
      await it.begin();
    } catch (error) {
      // What was started would keep the test's process.
      await it.close();
      throw error;
    }
    return it;
  }

  async begin() {
    this.browser = await launch();
    this.county = new County();
    this.demo = await demo(this.county.folder);
    this.logins = this.demo.logins;
    this.address = this.demo.address;
    this.empty = await serve(`${this.county.folder}/empty`);
    this.signedIn = {};
    const { page, context } = await this.visit();
    await signInGrower(page, this.logins.grower);
    this.signedIn.grower = await context.storageState();
    for (const user of this.logins.users) {
      const someone = await this.visit();
      await signIn(someone.page, user.name, user.password);
      this.signedIn[user.role] = await someone.context.storageState();
      await someone.context.close();
    }
    const office = await this.visit('manager');
    this.things = await things(this, page, office.page);
    await Promise.all([context.close(), office.context.close()]);
  }

  async close() {
    await this.browser?.close();
    await this.demo?.stop();
    await this.empty?.stop();
    this.county?.remove();
  }

  /** `courtyard admin …`, `report …` beside the running server. */
  office(...words) {
    return this.county.office(...words);
  }

  /** Somebody at the demo's server; `as` is a role whose session they have. */
  visit(as, options) {
    return visitor(this.browser, this.address, { storageState: this.signedIn[as], ...options });
  }

  /** A visitor who may open this page, and its addresses. */
  async at(page, options) {
    const example = EXAMPLES[page.path];
    const addresses = example.at(this.things);
    if (example.on === 'empty') return { ...(await visitor(this.browser, this.empty.address, options)), addresses };
    const role = page.access === 'open' ? undefined : (example.as ?? (page.access === 'grower' ? 'grower' : 'manager'));
    return { ...(await this.visit(role, options)), addresses };
  }
}
