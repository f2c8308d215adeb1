// Keeps the page true while it is open, and lets keys walk through the calendar. Without it, all is readable.
'use strict';
(() => {
  const language = document.documentElement.lang;
  const announceEvery = 60_000; // at the most
  const refetchYearEvery = 10_000;

  // -- replacing without losing focus, place and open years ------------------------

  /** What names a focused element so that it is found again in new content. */
  function nameOf(element) {
    if (!element) return null;
    if (element.matches('summary')) return `details[data-key="${CSS.escape(element.parentElement.dataset.key)}"] > summary`;
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.matches('a[href]')) return `a[href="${CSS.escape(element.getAttribute('href'))}"]`;
    const label = element.getAttribute('aria-label');
    return label && element.matches('.scroll') ? `.scroll[aria-label="${CSS.escape(label)}"]` : null;
  }

  function daysIn(element) {
    return [...element.querySelectorAll('.months td[tabindex]')];
  }

  function replace(element, html) {
    const active = element.contains(document.activeElement) ? document.activeElement : null;
    const focused = nameOf(active);
    const day = active ? daysIn(element).indexOf(active) : -1;
    const open = [...element.querySelectorAll('details[data-key]')].map((one) => [one.dataset.key, one.open]);
    const scrolled = [...element.querySelectorAll('.scroll')].map((one) => one.scrollLeft);
    element.innerHTML = html;
    for (const [key, is] of open) {
      const same = element.querySelector(`details[data-key="${CSS.escape(key)}"]`);
      if (same) same.open = is;
    }
    element.querySelectorAll('.scroll').forEach((one, i) => { if (scrolled[i]) one.scrollLeft = scrolled[i]; });
    const same = day >= 0 ? daysIn(element)[day] : focused && element.querySelector(focused);
    if (!same) return;
    if (day >= 0) rove(same);
    same.focus({ preventScroll: true });
  }

  // -- one polite announcement a minute ----------------------------------------------

  const announcer = document.getElementById('announcer');
  let said = document.body.dataset.headline;
  let toSay = said;
  let saidAt = -Infinity;
  let waiting = 0;

  function announce(headline) {
    toSay = headline;
    if (waiting || toSay === said) return;
    waiting = setTimeout(() => {
      waiting = 0;
      if (toSay === said) return;
      announcer.textContent = said = toSay;
      saidAt = performance.now();
    }, Math.max(0, saidAt + announceEvery - performance.now()));
  }

  // -- years -------------------------------------------------------------------------

  async function fetchYear(body) {
    body.dataset.asked = performance.now();
    const answer = await fetch(body.dataset.src);
    if (!answer.ok) return;
    body.dataset.v = answer.headers.get('X-Version') ?? '';
    replace(body, await answer.text());
  }

  function showYear(details) {
    const body = details.querySelector('.year');
    if (body && details.open && body.dataset.src && !body.dataset.v) fetchYear(body).catch(() => {});
  }

  function yearChanged(body, version) {
    if (body.dataset.v === version || !body.dataset.v || body.dataset.due) return;
    const wait = Number(body.dataset.asked ?? -refetchYearEvery) + refetchYearEvery - performance.now();
    body.dataset.due = 1;
    setTimeout(() => {
      delete body.dataset.due;
      if (body.isConnected) fetchYear(body).catch(() => {});
    }, Math.max(0, wait));
  }

  document.addEventListener('toggle', (event) => showYear(event.target), true);

  // -- what the engine sends ------------------------------------------------------------

  /** Other rows or other years than before: the section is taken from a page of now. */
  async function takeDays(section, version) {
    section.dataset.v = version;
    const answer = await fetch(`/?lang=${language}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    replace(section, page.getElementById(section.id).innerHTML);
  }

  function take(part) {
    if (part.html === undefined) {
      const section = document.getElementById(part.name);
      if (section && section.dataset.v !== part.v) takeDays(section, part.v).catch(() => {});
      const body = document.querySelector(`.year[data-part="${CSS.escape(part.name)}"]`);
      if (body) yearChanged(body, part.v);
      return;
    }
    const element = document.querySelector(`[data-part="${CSS.escape(part.name)}"]`);
    if (!element || element.dataset.v === part.v) return;
    element.dataset.v = part.v;
    replace(element, part.html);
  }

  const lost = document.getElementById('lost');
  let source = null;
  let again = 0;

  function listen() {
    clearTimeout(again);
    if (source) source.close();
    source = new EventSource(`/api/events?view=page&lang=${language}`);
    source.addEventListener('page', (event) => {
      lost.hidden = true;
      const told = JSON.parse(event.data);
      told.parts.forEach(take);
      document.title = told.title;
      announce(told.headline);
    });
    source.onerror = () => {
      lost.hidden = false;
      if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, 10_000);
    };
  }

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') return listen();
    clearTimeout(again);
    if (source) source.close();
    source = null;
  });
  if (document.body.dataset.live) listen();

  // -- keys in the calendar ----------------------------------------------------------------

  /** The one cell of its year that Tab comes to. */
  function rove(cell) {
    const months = cell.closest('.months');
    months.querySelectorAll('td[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    cell.tabIndex = 0;
  }

  function step(cell, key) {
    const cells = daysIn(cell.closest('.year'));
    const at = cells.indexOf(cell);
    const within = (i) => cells[Math.min(Math.max(i, 0), cells.length - 1)];
    const week = [...cell.parentElement.querySelectorAll('td[tabindex]')];
    switch (key) {
      case 'ArrowLeft': return within(at - 1);
      case 'ArrowRight': return within(at + 1);
      case 'ArrowUp': return cells[at - 7] ?? cell;
      case 'ArrowDown': return cells[at + 7] ?? cell;
      case 'Home': return week[0];
      case 'End': return week[week.length - 1];
      case 'PageUp': return inMonth(cell, -1);
      case 'PageDown': return inMonth(cell, 1);
      default: return null;
    }
  }

  /** The same day of the month before or after, or the last one it has. */
  function inMonth(cell, by) {
    const tables = [...cell.closest('.months').querySelectorAll('table')];
    const table = tables[tables.indexOf(cell.closest('table')) + by];
    if (!table) return cell;
    const days = [...table.querySelectorAll('td[tabindex]')];
    const wanted = Number(cell.textContent);
    return days.find((day) => Number(day.textContent) === wanted)
      ?? (wanted < Number(days[0].textContent) ? days[0] : days[days.length - 1]);
  }

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') document.body.classList.add('still');
    const cell = event.target;
    if (!(cell instanceof Element) || !cell.matches('.months td') || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = step(cell, event.key);
    if (!to) return;
    event.preventDefault();
    document.body.classList.remove('still');
    rove(to);
    to.focus();
  });
  document.addEventListener('mouseover', () => document.body.classList.remove('still'));
  document.addEventListener('click', (event) => {
    const cell = event.target.closest?.('.months td[tabindex]');
    if (!cell) return;
    rove(cell);
    cell.focus({ preventScroll: true });
  });
})();
