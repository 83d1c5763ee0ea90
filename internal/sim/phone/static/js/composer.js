// Where a message is written: the text, the photos picked, the tray under it.
// Drafts are kept for each conversation.

import { el } from './dom.js';
import { lighten, paint, samples, toPhoto } from './samples.js';
import { error } from './toast.js';

const mostPhotos = 9;
const narrow = matchMedia('(pointer: coarse)');

export class Composer {
  constructor(form, send) {
    const at = (selector) => form.querySelector(selector);
    Object.assign(this, { form, send, text: at('textarea'), button: at('.send'), plus: at('.plus'), tray: at('.tray'), picked: at('.picked') });
    this.drafts = new Map();
    this.photos = [];
    form.addEventListener('submit', (e) => { e.preventDefault(); this.submit(); });
    this.text.addEventListener('input', () => this.changed());
    this.text.addEventListener('keydown', (e) => this.key(e));
    this.plus.addEventListener('click', () => this.toggle(this.tray.hidden));
    for (const input of form.querySelectorAll('input[type=file]')) input.addEventListener('change', () => this.take(input));
    this.changed();
  }

  label(hint) {
    this.text.placeholder = hint;
    this.text.setAttribute('aria-label', hint);
  }

  // open changes to another conversation and its draft.
  open(place) {
    if (place === this.at) return;
    this.drafts.set(this.at, { text: this.text.value, photos: this.photos });
    this.at = place;
    const draft = this.drafts.get(place) || { text: '', photos: [] };
    this.text.value = draft.text;
    this.photos = draft.photos;
    this.draw();
  }

  fill(text) {
    this.text.value = text;
    this.changed();
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
  }

  key(e) {
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing || narrow.matches) return;
    e.preventDefault();
    this.submit();
  }

  changed() {
    this.button.disabled = !this.text.value.trim() && this.photos.length === 0;
    this.text.style.height = 'auto';
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 128)}px`;
  }

  async submit() {
    const text = this.text.value.trim();
    const photos = this.photos;
    if (!text && !photos.length) return;
    const at = this.at;
    this.clear();
    const ok = await this.send(text, photos.map((p) => p.blob));
    // What was refused is given back, unless the visitor wrote something else.
    if (!ok && this.at === at && !this.text.value && !this.photos.length) {
      this.text.value = text;
      this.photos = photos;
      this.draw();
    } else {
      photos.forEach((p) => URL.revokeObjectURL(p.url));
    }
  }

  clear() {
    this.text.value = '';
    this.photos = [];
    this.toggle(false);
    this.draw();
  }

  toggle(open) {
    if (open && !this.painted) {
      this.painted = true;
      this.tray.append(...samples.map((s) => this.sample(s)));
    }
    this.tray.hidden = !open;
    this.plus.setAttribute('aria-expanded', String(open));
  }

  sample(s) {
    const big = paint(s);
    const small = el('canvas', { width: 128, height: 96 });
    small.getContext('2d').drawImage(big, 0, 0, 128, 96);
    return el('button', { type: 'button', class: 'tile', 'data-sample': s.name, onclick: () => this.add(() => toPhoto(s)) },
      el('span', { class: 'tile-pic' }, small), el('span', {}, s.name));
  }

  async take(input) {
    const files = [...input.files];
    input.value = '';
    for (const f of files) await this.add(() => lighten(f));
  }

  async add(make) {
    try {
      if (this.photos.length >= mostPhotos) throw new Error(`一次最多发 ${mostPhotos} 张照片。`);
      const blob = await make();
      this.photos.push({ blob, url: URL.createObjectURL(blob) });
      this.toggle(false);
      this.draw();
    } catch (err) {
      error(err);
    }
  }

  draw() {
    this.picked.hidden = this.photos.length === 0;
    this.picked.replaceChildren(...this.photos.map((p, i) => el('figure', {},
      el('img', { src: p.url, alt: `待发照片 ${i + 1}` }),
      el('button', { type: 'button', 'aria-label': `去掉照片 ${i + 1}`, onclick: () => this.drop(p) }, '×'))));
    this.changed();
  }

  drop(photo) {
    this.photos = this.photos.filter((p) => p !== photo);
    URL.revokeObjectURL(photo.url);
    this.draw();
  }
}
