// Who the visitor is, and on which platform.

import { $, avatar, badge, calmly, el, press } from './dom.js';
import { choose, describe, on, onPlatform, store, unreadOf } from './store.js';

const platformName = { wecom: '企业微信', dingtalk: '钉钉' };
export const nameOf = (platform) => platformName[platform] || platform;

let drawn = new Map(); // person id -> button

function draw() {
  drawn = new Map(store.people.map((p) => [p.id, button(p)]));
  $('people').replaceChildren(...[...drawn.values()].map((b) => el('li', {}, b)));
  mark();
}

function button(p) {
  return el('button', { type: 'button', class: 'person', 'data-person': p.id, title: describe(p), onclick: () => choose(p, store.platform) },
    avatar(p.name, p.id),
    el('span', { class: 'who' }, el('span', { class: 'name' }, p.name), el('span', { class: 'unit' }, p.unit)));
}

// mark shows who is chosen, without building the list anew.
function mark() {
  document.body.dataset.platform = store.platform;
  press(drawn.values(), (b) => b.dataset.person === store.me.id);
  for (const b of document.querySelectorAll('.platforms button')) {
    const there = onPlatform(store.me, b.dataset.platform);
    b.setAttribute('aria-pressed', String(b.dataset.platform === store.platform));
    b.disabled = !there;
    b.title = there ? '' : `${store.me.name}没有${nameOf(b.dataset.platform)}账号`;
  }
  const chosen = drawn.get(store.me.id);
  if (chosen) chosen.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function count() {
  for (const p of store.people) {
    const b = drawn.get(p.id);
    if (!b) continue;
    b.querySelector('.badge')?.remove();
    const n = badge(unreadOf(p));
    if (n) b.append(n);
  }
}

export function startPeople() {
  on('loaded', () => { draw(); count(); });
  on('me', () => { if (drawn.size) mark(); });
  on('unread', calmly(count));
  for (const b of document.querySelectorAll('.platforms button')) {
    b.addEventListener('click', () => choose(store.me, b.dataset.platform));
  }
}
