// One conversation on the screen: the private chat, or a group.

import { avatar, botAvatar, el } from './dom.js';
import { Composer } from './composer.js';
import { day, dayKey, hhmm, stamp } from './time.js';
import { inPlace, markRead, now, person, placeOf, store, wasSent } from './store.js';

const pause = 5 * 60000; // a longer silence gets a new time stamp
const longest = 400; // messages drawn at most

export class Chat {
  // place() says which conversation this is, visible() whether it can be seen.
  constructor(root, { place, visible, send, view }) {
    root.append(document.getElementById('chat-template').content.cloneNode(true));
    const at = (selector) => root.querySelector(selector);
    Object.assign(this, { root, place, visible, view, log: at('.log'), chips: at('.chips'), jump: at('.jump') });
    this.composer = new Composer(at('.composer'), send);
    this.say = (text) => send(text, []);
    this.jump.addEventListener('click', () => this.toEnd());
    this.log.addEventListener('scroll', () => {
      this.resting = this.atEnd();
      if (this.resting) this.jump.hidden = true;
    });
    // What opens below (keyboard, tray, photos) must not cover the last words.
    new ResizeObserver(() => { if (this.resting) this.toEnd(); }).observe(this.log);
  }

  head({ title, sub, blank, hint, face }) {
    this.root.querySelector('.nav-title').textContent = title;
    this.root.querySelector('.nav-sub').textContent = sub;
    const old = this.root.querySelector('.nav > .avatar');
    old.replaceWith(face);
    this.blank = blank;
    this.composer.label(hint);
  }

  suggest(buttons) {
    this.chips.replaceChildren(...buttons.map(({ label, act, kind }) =>
      el('button', { type: 'button', class: kind, onclick: act }, label)));
    this.chips.hidden = buttons.length === 0;
  }

  // redraw shows the whole conversation, silently for screen readers.
  redraw() {
    this.log.setAttribute('aria-busy', 'true');
    this.last = null;
    this.wait(false);
    this.composer.open(this.place());
    const entries = inPlace(this.place()).slice(-longest);
    this.log.replaceChildren(...(entries.length ? entries.flatMap((e) => this.lines(e)) : [this.empty()]));
    this.toEnd();
    this.log.removeAttribute('aria-busy');
    this.seen();
  }

  empty() {
    return el('div', { class: 'blank' }, botAvatar(), el('strong', {}, this.blank[0]), el('span', {}, this.blank[1]));
  }

  // add appends a new entry if it belongs here.
  add(e) {
    if (placeOf(e) !== this.place() || !wasSent(e)) return;
    const stay = !this.atEnd() && e.from_bot;
    const blank = this.log.querySelector('.blank');
    if (blank) blank.remove();
    if (e.from_bot || e.notice) this.wait(false);
    const lines = this.lines(e);
    lines[lines.length - 1].classList.add('fresh');
    this.log.append(...lines);
    if (this.typing) this.log.append(this.typing);
    while (this.log.children.length > 2 * longest) this.log.firstElementChild.remove();
    if (stay) this.jump.hidden = false;
    else this.toEnd();
    this.seen();
  }

  seen() {
    if (this.visible()) markRead(this.place());
  }

  atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90; }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.resting = true;
    this.jump.hidden = true;
  }

  // expect shows the dots if the answer takes longer than a blink.
  expect() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.wait(true), 350);
  }

  // wait shows the dots of somebody writing, for a while at most.
  wait(on) {
    clearTimeout(this.soon);
    clearTimeout(this.patience);
    if (this.typing) this.typing.remove();
    this.typing = null;
    if (!on) return;
    this.typing = el('div', { class: 'msg', 'aria-hidden': 'true' }, botAvatar(),
      el('div', { class: 'body' }, el('div', { class: 'bubble' }, el('span', { class: 'dots' }, el('i'), el('i'), el('i')))));
    this.log.append(this.typing);
    this.toEnd();
    this.patience = setTimeout(() => this.wait(false), 6000);
  }

  lines(e) {
    const out = [];
    if (!this.last || e.ms - this.last > pause || dayKey(e.ms) !== dayKey(this.last)) {
      out.push(el('p', { class: 'stamp' }, stamp(e.ms, now())));
    }
    this.last = e.ms;
    out.push(e.notice ? el('p', { class: 'notice' }, e.text) : this.message(e));
    return out;
  }

  message(e) {
    const mine = !e.from_bot && e.person === store.me.id;
    const who = person(e.person);
    const name = e.from_bot ? store.bot : e.from || (who && who.name) || '';
    const body = el('div', { class: 'body' });
    if (e.group && !mine) body.append(el('span', { class: 'writer' }, who && !e.from_bot ? `${name} · ${who.unit}` : name));
    else body.append(el('span', { class: 'sr' }, `${mine ? '您' : name}，${day(e.ms)} ${hhmm(e.ms)}：`));
    if (e.text || e.title) body.append(this.bubble(e));
    if (e.images && e.images.length) body.append(this.shots(e.images));
    if (e.files && e.files.length) body.append(...e.files.map((f) => this.file(f)));
    if (e.pushed) body.append(el('span', { class: 'pushed' }, el('i', { class: 'ic ic-push', 'aria-hidden': 'true' }), e.road ? `主动推送 · ${e.road}` : '主动推送'));
    return el('div', { class: mine ? 'msg mine' : 'msg', 'data-seq': e.seq }, e.from_bot ? botAvatar() : avatar(name, e.person), body);
  }

  bubble(e) {
    const title = e.title ? el('span', { class: 'title' }, e.title) : null;
    if (!e.buttons || !e.buttons.length) return el('div', { class: 'bubble text' }, title, e.text);
    return el('div', { class: 'bubble has-buttons' }, el('div', { class: 'words' }, title, e.text),
      el('div', { class: 'actions' }, ...e.buttons.map((b) =>
        el('button', { type: 'button', onclick: () => this.say(b.send) }, b.label))));
  }

  file(f) {
    const size = f.size < 1024 * 1024 ? `${Math.ceil(f.size / 1024)} KB` : `${(f.size / 1024 / 1024).toFixed(1)} MB`;
    return el('a', { class: 'file', href: f.url, download: f.name, title: `保存 ${f.name}` },
      el('span', { class: 'file-name' }, f.name), el('span', { class: 'file-size' }, `${size} · 点击保存`));
  }

  shots(urls) {
    return el('div', { class: 'shots' }, ...urls.map((url, i) => {
      const img = el('img', { src: url, alt: `照片 ${i + 1}`, onload: () => { if (!this.jump.hidden || this.atEnd()) this.toEnd(); } });
      const button = el('button', { type: 'button', 'aria-label': `放大照片 ${i + 1}`, onclick: () => this.view(url) }, img);
      img.addEventListener('error', () => button.replaceWith(el('span', { class: 'lost' }, '照片已清理')));
      return button;
    }));
  }
}
