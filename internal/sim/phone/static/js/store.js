// Everything the page knows: the world as the server told it, who the visitor
// is, and what has not been read. Views listen; nothing here touches the page.

import { setZone } from './time.js';

const keep = 4000; // entries kept in the browser
const unsent = new Set(['queued', 'held', 'merged', 'dropped', 'failed']);
const remembered = 'duban-demo-me';

export const store = {
  bot: '督办助手',
  people: [],
  groups: [],
  entries: [],
  next: 0,
  me: null, // the chosen person
  platform: 'wecom',
  group: null, // the chosen group, if any
  moving: false,
};

const listeners = new Map();
export const on = (what, f) => listeners.set(what, [...(listeners.get(what) || []), f]);
const tell = (what, detail) => (listeners.get(what) || []).forEach((f) => f(detail));

// --- the clock: what the server said, and how long ago ---
let clock = { at: Date.now(), heard: performance.now(), running: false };
export const now = () => clock.at + (clock.running ? performance.now() - clock.heard : 0);

export function setClock({ now: at, running, next }) {
  setZone(at);
  clock = { at: Date.parse(at), heard: performance.now(), running };
  store.next = next ? Date.parse(next) : 0;
  tell('clock');
}

export function setMoving(moving) {
  store.moving = moving;
  tell('clock');
}

// --- who may be seen where ---
export const onPlatform = (person, platform) => person.accounts.some((a) => a.platform === platform);
export const person = (id) => store.people.find((p) => p.id === id);
export const groupOf = (e) => store.groups.find((g) => g.id === e.group && g.platform === e.platform);
const isIn = (group, id) => !group.members || group.members.length === 0 || group.members.includes(id);
export const myGroups = () => store.groups.filter((g) => g.platform === store.platform && isIn(g, store.me.id));

export function describe(p) {
  const post = p.post && !p.name.includes(p.post) ? ` · ${p.post}` : '';
  return `${p.unit} ${p.name}${post}`;
}

// A place is one conversation: p/platform/person or g/platform/group.
export const placeOf = (e) => (e.group ? `g/${e.platform}/${e.group}` : `p/${e.platform}/${e.person}`);
export const myPlace = () => `p/${store.platform}/${store.me.id}`;
export const groupPlace = () => (store.group ? `g/${store.platform}/${store.group.id}` : '');
export const wasSent = (e) => !unsent.has(e.state);
export const inPlace = (place) => store.entries.filter((e) => placeOf(e) === place && wasSent(e));

// --- choosing ---
export function choose(me, platform) {
  if (!onPlatform(me, platform)) platform = me.accounts.length ? me.accounts[0].platform : platform;
  Object.assign(store, { me, platform });
  const groups = myGroups();
  store.group = groups.find((g) => store.group && g.id === store.group.id) || groups[0] || null;
  try { localStorage.setItem(remembered, JSON.stringify([me.id, platform])); } catch { /* private mode */ }
  tell('me');
}

export function chooseGroup(id) {
  store.group = myGroups().find((g) => g.id === id) || null;
  tell('me');
}

// --- unread, counted by place ---
const unread = new Map();
export const unreadIn = (place) => unread.get(place) || 0;
export const unreadOf = (p) => p.accounts.reduce((n, a) => n + unreadIn(`p/${a.platform}/${p.id}`), 0);
export function markRead(place) {
  if (unread.delete(place)) tell('unread');
}

// --- loading and following ---
const bySeq = new Map();
const byKey = new Map();

export function load(state) {
  const { bot, people, groups, entries } = state;
  Object.assign(store, { bot, people: people || [], groups: groups || [], entries: [] });
  bySeq.clear();
  byKey.clear();
  for (const e of entries || []) put(e);
  setClock(state);
  const [id, platform] = memory();
  const me = person(store.me ? store.me.id : id) || store.people[0];
  if (me) choose(me, store.me ? store.platform : platform || store.platform);
  tell('loaded');
}

function memory() {
  try { return JSON.parse(localStorage.getItem(remembered)) || []; } catch { return []; }
}

// put files an entry; 'new', 'changed' (a later word about a known message) or
// '' (seen before).
function put(e) {
  if (bySeq.has(e.seq)) return '';
  e.ms = Date.parse(e.at);
  bySeq.set(e.seq, e);
  const known = e.key && byKey.get(e.key);
  if (known) {
    const seq = known.seq;
    const late = !wasSent(known) && wasSent(e); // enters the chat only now
    Object.assign(known, e, { seq });
    if (late) {
      store.entries.splice(store.entries.indexOf(known), 1);
      store.entries.push(known);
    }
    return late ? 'new' : 'changed';
  }
  if (e.key) byKey.set(e.key, e);
  store.entries.push(e);
  if (store.entries.length > keep) {
    const old = store.entries.shift();
    bySeq.delete(old.seq);
    byKey.delete(old.key);
  }
  return 'new';
}

export function add(e) {
  const how = put(e);
  if (how === '') return;
  const entry = (e.key && byKey.get(e.key)) || e;
  if (store.moving && e.ms > clock.at) setClockTo(e.ms);
  if (how === 'changed') {
    tell('changed', entry);
    return;
  }
  if (wasSent(entry) && (entry.from_bot || entry.group)) {
    const place = placeOf(entry);
    unread.set(place, unreadIn(place) + 1);
  }
  tell('entry', entry);
  tell('unread');
}

// setClockTo lets the shown clock run along while time is being moved.
function setClockTo(ms) {
  clock = { ...clock, at: ms, heard: performance.now() };
  tell('clock');
}
