// Everything the bot sent on its own account, to anybody, newest first.

import { $, calmly, el, press } from './dom.js';
import { nameOf } from './people.js';
import { day, dayKey, hhmm } from './time.js';
import { describe, groupOf, now, on, person, store, wasSent } from './store.js';

const most = 300;
const words = {
  queued: ['排队中', 'wait'], held: ['暂缓', 'wait'], sent: ['已发出', 'good'], delivered: ['已送达', 'good'],
  merged: ['已合并', 'none'], dropped: ['不再发', 'none'], failed: ['没发出', 'bad'],
};
const filters = {
  all: () => true,
  me: (e) => !e.group && e.person === store.me.id,
  group: (e) => Boolean(e.group),
  held: (e) => !wasSent(e),
};
const blank = {
  all: '还没有推送。\n点“到下一次推送”，看看提醒怎么到。',
  me: '还没有推送给您的消息。',
  group: '群里还没有日报。',
  held: '没有被暂缓或拦下的消息。',
};

let filter = 'all';
const opened = new Set(); // seq of entries shown in full

const plan = calmly(draw); // however many entries arrive

function draw() {
  if (!store.me) return;
  const all = store.entries.filter((e) => e.pushed);
  const chosen = all.filter(filters[filter]);
  $('push-count').textContent = all.length ? `${all.length} 条` : '';
  const list = [];
  let last = null;
  for (const e of chosen.slice(-most).reverse()) {
    if (dayKey(e.ms) !== last) list.push(el('h3', { class: 'push-day' }, day(e.ms, now())));
    last = dayKey(e.ms);
    list.push(item(e));
  }
  if (!list.length) list.push(el('p', { class: 'blank push-blank' }, blank[filter]));
  if (chosen.length > most) list.push(el('p', { class: 'stamp' }, `只显示最近 ${most} 条`));
  $('push-list').replaceChildren(...list);
}

function item(e) {
  const [word, tone] = words[e.state] || [e.state || '已发出', e.state ? 'none' : 'good'];
  const long = e.text.length > 76 || e.text.split('\n').length > 3;
  const text = el('p', { class: long && !opened.has(e.seq) ? 'push-text clip' : 'push-text' },
    e.title ? el('span', { class: 'push-title' }, e.title + '\n') : '', e.text || (e.files || []).map((f) => `[文件] ${f.name}`).join('\n'));
  return el('article', { class: wasSent(e) ? 'push' : 'push muted', 'data-seq': e.seq },
    el('div', { class: 'push-top' }, el('time', { datetime: e.at }, hhmm(e.ms)), to(e), el('span', { class: `state ${tone}` }, word)),
    text,
    el('div', { class: 'push-foot' }, el('span', { class: 'tag' }, nameOf(e.platform)), e.road ? el('span', { class: 'tag' }, e.road) : '',
      long ? more(e, text) : '', e.reason ? el('span', { class: 'push-reason' }, `原因：${e.reason}`) : ''));
}

function to(e) {
  const group = groupOf(e);
  const who = person(e.person);
  if (!group && !who) return el('span', { class: 'push-to' }, e.group || e.person || '未知');
  const name = group ? group.title : describe(who);
  return el('button', { type: 'button', class: 'push-to', title: `打开 ${name}`, onclick: () => open(e) }, name);
}

function more(e, text) {
  const button = el('button', { type: 'button', class: 'push-more', 'aria-expanded': String(opened.has(e.seq)) }, opened.has(e.seq) ? '收起' : '展开');
  button.addEventListener('click', () => {
    const isOpen = opened.has(e.seq);
    if (isOpen) opened.delete(e.seq); else opened.add(e.seq);
    text.classList.toggle('clip', isOpen);
    button.textContent = isOpen ? '展开' : '收起';
    button.setAttribute('aria-expanded', String(!isOpen));
  });
  return button;
}

let open = () => {};

export function startPushes(openEntry) {
  open = openEntry;
  for (const what of ['loaded', 'entry', 'changed']) on(what, plan);
  on('me', () => { if (filter === 'me') plan(); });
  const buttons = [...document.querySelectorAll('.filters button')];
  for (const b of buttons) {
    b.addEventListener('click', () => {
      filter = b.dataset.filter;
      press(buttons, (x) => x === b);
      draw();
    });
  }
}
