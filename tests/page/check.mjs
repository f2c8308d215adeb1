// node check.mjs NAME URL [FOLDER]: does one check of checks.mjs at the page of URL, in Debian's Chromium.
import { chromium } from 'playwright-core';
import { checks } from './checks.mjs';

const [name, url, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const complaints = [];

/** A page in a context of its own, whose errors count. */
async function open(options = {}, path = '/?lang=en') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  await page.goto(url + path, { waitUntil: 'load' });
  return page;
}

try {
  await checks[name]({ open, url, folder });
} catch (error) {
  complaints.push(error.stack ?? String(error));
} finally {
  await browser.close();
}
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length === 0 ? 0 : 1);
