// Short messages at the edge of the page. Errors stay longer; a burst of pushes
// becomes one line.

import { $, avatar, el } from './dom.js';
import { describe, groupOf, person } from './store.js';

const most = 2;

function show(node, ms) {
  const box = $('toasts');
  while (box.children.length >= most) box.firstElementChild.remove();
  box.append(node);
  setTimeout(() => node.remove(), ms);
}

export const clear = () => $('toasts').replaceChildren();

export const error = (err) => show(el('div', { class: 'toast error' }, el('strong', {}, err.message)), 7000);

// tip replaces the tip before it.
export function tip(text) {
  $('toasts').querySelector('.plain')?.remove();
  show(el('div', { class: 'toast plain' }, el('strong', {}, text)), 4500);
}

// pushed announces what went to somebody else; a click goes there.
export function pushed(e, open) {
  const group = groupOf(e);
  const who = group ? null : person(e.person);
  if (!group && !who) return;
  const to = group ? group.title : describe(who);
  const node = el('button', { type: 'button', class: 'toast', onclick: () => { node.remove(); open(e); } },
    avatar(group ? '群' : who.name, group ? group.id : who.id),
    el('span', { class: 'words' }, el('strong', {}, `推送给 ${to}`), el('span', { class: 'line' }, e.title || e.text || (e.files || []).map((f) => f.name).join('、'))));
  show(node, 6000);
}
