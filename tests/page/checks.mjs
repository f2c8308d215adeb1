import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 900 } };
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe has to say against the page, a line each. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((only) => window.axe.run(document, { runOnly: only }), tags);
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').join(' ')}`));
}

const focused = (page) => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName);

async function press(page, key, expected) {
  await page.keyboard.press(key);
  assert.match(await focused(page), expected, `after ${key}`);
}

export const checks = {
  async accessible({ open }) {
    for (const lang of ['en', 'nb']) {
      for (const colorScheme of ['light', 'dark']) {
        for (const [name, device] of Object.entries({ phone, desktop })) {
          const page = await open({ ...device, colorScheme, bypassCSP: true }, `/?lang=${lang}`);
          assert.equal(await page.getAttribute('html', 'lang'), lang);
          assert.deepEqual(await violations(page), [], `${lang}, ${colorScheme}, ${name}`);
          await page.context().close();
        }
      }
    }
    const year = await open({ bypassCSP: true }, '/days?row=a3-app-instances-historic&year=2024&lang=nb');
    assert.deepEqual(await violations(year), [], 'a year');
  },

  async 'first-screen'({ open }) {
    for (const lang of ['en', 'nb']) {
      const page = await open(phone, `/?lang=${lang}`);
      for (const selector of ['.headline', '.live', 'table.history', '#status .figures']) {
        const box = await page.locator(selector).first().boundingBox();
        assert.ok(box.y + box.height <= phone.viewport.height, `${lang}: ${selector} ends at ${box.y + box.height}`);
      }
    }
  },

  async live({ open, url }) {
    const page = await open({}, '/?lang=en');
    await page.evaluate(() => { window.mine = 'not loaded again'; });
    const closed = page.locator('details[data-key="a3-app-instances-historic/2024"]');
    await closed.locator('> summary').click();
    await closed.locator('.months td[tabindex]').first().waitFor();
    const newest = page.locator('details[data-key="a3-app-instances-historic/2019"]');
    const before = await newest.locator('> summary').innerText();
    await page.locator('.history a[href="#missing"]').first().focus();

    await fetch(`${url}/test/next`, { method: 'POST' });
    await page.waitForFunction(() => document.querySelector('.troubles')?.textContent.includes('12 records wait'));
    await page.waitForFunction((text) =>
      document.querySelector('details[data-key="a3-app-instances-historic/2019"] summary').innerText !== text, before);

    assert.equal(await page.evaluate(() => window.mine), 'not loaded again');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#missing');
    assert.equal(await closed.evaluate((one) => one.open), true);
    assert.ok(await closed.locator('.months td[tabindex]').count() > 300);
    assert.equal(await page.locator('#lost').isHidden(), true);

    // What has changed is said once, and not again within a minute.
    const announced = () => page.locator('[role=status]').innerText();
    await page.waitForFunction(() => document.getElementById('announcer').textContent !== '');
    const said = await announced();
    assert.match(said, /52 records/);
    await fetch(`${url}/test/next`, { method: 'POST' });
    await page.waitForFunction(() => document.querySelector('.headline').textContent.includes('53 records'));
    assert.equal(await announced(), said);
  },

  async keyboard({ open }) {
    const page = await open({}, '/?lang=en');
    const year = page.locator('details[data-key="a3-app-instances-historic/2025"]');
    await year.locator('> summary').focus();
    await press(page, 'Tab', /^1 November 2025: /);
    await press(page, 'ArrowRight', /^2 November 2025: /);
    await press(page, 'ArrowDown', /^9 November 2025: /);
    await press(page, 'Home', /^3 November 2025: /);
    await press(page, 'End', /^9 November 2025: /);
    await press(page, 'PageUp', /^9 October 2025: /);
    await press(page, 'ArrowUp', /^2 October 2025: /);
    await press(page, 'ArrowLeft', /^1 October 2025: Complete, and compared|^1 October 2025: /);
    await press(page, 'ArrowLeft', /^30 September 2025: /);
    await press(page, 'PageDown', /^30 October 2025: /);
    await press(page, 'PageDown', /^14 November 2025: .*records/);
    await press(page, 'Tab', /SUMMARY/);
    const tip = await year.locator('td[tabindex="0"]').evaluate((cell) => {
      cell.focus();
      return getComputedStyle(cell, '::after').content;
    });
    assert.match(tip, /14 November 2025/);

    const closed = page.locator('details[data-key="a3-app-instances-historic/2023"]');
    await closed.locator('> summary').focus();
    await page.keyboard.press('Enter');
    await closed.locator('.months td[tabindex="0"]').waitFor();
    assert.equal(await closed.locator('.months td[tabindex]').count(), 365);
    await press(page, 'Tab', /^1 December 2023: /);
  },

  async 'without-scripts'({ open }) {
    const page = await open({ javaScriptEnabled: false }, '/?lang=nb');
    await page.getByText('Livesynkronisering').first().waitFor();
    await page.getByRole('link', { name: 'Oppdater nå' }).waitFor();
    await page.locator('details[data-key="a3-app-instances-historic/2024"] > summary').click();
    await page.locator('details[data-key="a3-app-instances-historic/2024"] a').click();
    await page.locator('h2', { hasText: 'A3 app-instanser – historisk, 2024' }).waitFor();
    assert.equal(await page.locator('.months td[tabindex]').count(), 366);
    await page.locator('.year summary').click();
    await page.getByRole('rowheader', { name: 'desember 2024' }).waitFor();
    await page.getByRole('link', { name: 'Tilbake til statusen' }).click();
    await page.locator('#status').waitFor();
  },

  async policy({ open, url }) {
    const asked = new Set();
    const page = await open();
    page.on('request', (request) => asked.add(request.url()));
    await page.reload({ waitUntil: 'load' });
    for (const address of asked) assert.ok(address.startsWith(url), address);
    const policy = (await page.request.get(url)).headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
  },

  async narrow({ open }) {
    for (const width of [320, 390, 768]) {
      const page = await open({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${wide} too wide at ${width}`);
    }
  },

  async pictures({ open, folder }) {
    const takes = {
      'status-page': [desktop, 'light', 'en', false],
      'status-page-dark': [desktop, 'dark', 'en', false],
      'status-page-phone': [phone, 'light', 'nb', false],
      'status-page-days': [desktop, 'light', 'nb', true],
    };
    for (const [name, [device, colorScheme, lang, days]] of Object.entries(takes)) {
      const page = await open({ ...device, colorScheme }, `/?lang=${lang}`);
      if (days) await page.locator('#days').evaluate((section) => section.scrollIntoView());
      await page.screenshot({ path: `${folder}/${name}.png` });
    }
  },
};
