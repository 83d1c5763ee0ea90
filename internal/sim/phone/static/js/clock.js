// The movable clock: what it shows, and the buttons that move it.

import { $ } from './dom.js';
import { advance } from './api.js';
import { day, fromInput, fullDay, hhmm, stamp, toInput } from './time.js';
import { now, on, setClock, setMoving, store } from './store.js';
import { error, tip } from './toast.js';

const buttons = () => document.querySelectorAll('#time button');

function draw() {
  const ms = now();
  $('time-date').textContent = fullDay(ms);
  $('time-clock').textContent = hhmm(ms);
  $('now-pill').textContent = `${day(ms)} ${hhmm(ms)}`;
  $('time-next').textContent = store.next ? stamp(store.next, ms) : '暂时没有安排';
  for (const s of document.querySelectorAll('.status-time')) s.textContent = hhmm(ms);
  for (const b of buttons()) b.disabled = store.moving;
  $('go-next').disabled = store.moving || !store.next;
  $('time-progress').hidden = !store.moving;
  $('time').setAttribute('aria-busy', String(store.moving));
  $('go-date').min = toInput(ms);
}

async function go(move) {
  if (store.moving) return;
  const before = store.entries.length ? store.entries[store.entries.length - 1].seq : 0;
  setMoving(true);
  try {
    const clock = await advance(move);
    await settled();
    setClock(clock);
    const came = store.entries.filter((e) => e.pushed && e.seq > before).length;
    tip(`现在是 ${stamp(now())}，${came ? `来了 ${came} 条推送` : '没有新的推送'}`);
  } catch (err) {
    error(err);
  } finally {
    setMoving(false);
    $('go-date').value = toInput(now());
  }
}

// settled gives the event stream, which runs beside the answer, a moment.
const settled = () => new Promise((done) => setTimeout(done, 150));

export function startClock() {
  on('clock', draw);
  on('loaded', () => { draw(); $('go-date').value = toInput(now()); });
  setInterval(draw, 5000);
  $('go-next').addEventListener('click', () => go({ next: true }));
  for (const b of document.querySelectorAll('#time [data-by]')) b.addEventListener('click', () => go({ by: b.dataset.by }));
  $('go-to').addEventListener('submit', (e) => { e.preventDefault(); go({ to: fromInput($('go-date').value) }); });
}
