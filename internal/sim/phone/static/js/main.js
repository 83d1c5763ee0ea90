// Puts the page together: who hears of what, and what can be seen.

import { $, avatar, badge, botAvatar, calmly, el } from './dom.js';
import * as api from './api.js';
import { Chat } from './chat.js';
import { startClock } from './clock.js';
import { nameOf, startPeople } from './people.js';
import { startPushes } from './pushes.js';
import * as toast from './toast.js';
import { add, choose, chooseGroup, describe, groupOf, groupPlace, load, markRead, myGroups, myPlace, on, person, placeOf, setClock, store, unreadIn, wasSent } from './store.js';

const wide = matchMedia('(min-width: 1180px)');
const tab = () => document.body.dataset.tab;
const shows = (name) => () => document.visibilityState === 'visible' && (wide.matches || tab() === name);
const usual = ['帮助', '我的任务', '本周到期', '上报隐患：'];

const chat = new Chat($('chat'), { place: myPlace, visible: shows('chat'), view, send: (text, photos) => post(chat, '', text, photos) });
const group = new Chat($('group'), { place: groupPlace, visible: shows('group'), view, send: (text, photos) => post(group, store.group.id, text, photos) });
group.say = (text) => post(group, store.group.id, mention(text), []);
const mention = (text) => (text.includes(`@${store.bot}`) ? text : `@${store.bot} ${text}`);

async function post(where, groupID, text, photos) {
  if (!groupID || text.includes(`@${store.bot}`)) where.expect();
  try {
    await api.send({ person: store.me.id, platform: store.platform, group: groupID, text, photos });
    return true;
  } catch (err) {
    where.wait(false);
    toast.error(err);
    return false;
  }
}

// --- what the chats are about ---
function drawChats() {
  chat.head({
    title: store.bot, sub: `您是 ${describe(store.me)}`, face: botAvatar(), hint: `发消息给${store.bot}`,
    blank: [`您好，我是${store.bot}`, '报进展、报隐患、查任务，用平常的话说就行。点下面的词开始。'],
  });
  chat.suggest((store.me.suggestions?.length ? store.me.suggestions : usual).map((s) => chip(s, chat)));
  chat.redraw();
  drawGroup();
  tabBadges();
}

function drawGroup() {
  const groups = myGroups();
  const at = store.group;
  const size = at && (at.members?.length ? `${at.members.length + 1} 人` : '全员群');
  group.head({
    title: at ? at.title : '没有群', sub: at ? `${nameOf(at.platform)} · ${size} · 您是 ${store.me.name}` : `${store.me.name}不在${nameOf(store.platform)}的任何群里`,
    face: avatar('群', at ? at.id : '-'), hint: '在群里说话',
    blank: at ? ['群里还没有消息', `工作日的群日报会发到这里；也可以 @${store.bot} 提问。`] : ['这里没有群', '换一个人或平台看看。'],
  });
  const pick = $('group').querySelector('.nav-pick');
  pick.hidden = groups.length < 2;
  pick.querySelector('select').replaceChildren(...groups.map((g) => el('option', { value: g.id, selected: g === at }, g.title)));
  group.composer.form.hidden = !at;
  group.suggest(at ? [{ label: `@${store.bot}`, kind: 'at', act: () => group.composer.fill(mention(group.composer.text.value)) },
    ...['帮助', '本周到期', '未销号隐患'].map((s) => ({ label: s, act: () => group.say(s) }))] : []);
  group.redraw();
}

function chip(text, where) {
  const open = /[:：]$/.test(text);
  return { label: text.replace(/[:：]$/, '…'), act: () => (open ? where.composer.fill(text) : where.say(text)) };
}

// --- tabs, badges, going to where something was said ---
function showTab(name) {
  document.body.dataset.tab = name;
  for (const b of document.querySelectorAll('.tabs button')) {
    if (b.dataset.tab === name) b.setAttribute('aria-current', 'page');
    else b.removeAttribute('aria-current');
  }
  if (name === 'pushes') newPushes = 0;
  for (const c of [chat, group]) {
    if (!c.visible()) continue;
    markRead(c.place());
    c.toEnd();
  }
  tabBadges();
}

let newPushes = 0;

function tabBadges() {
  if (!store.me) return;
  const counts = { chat: unreadIn(myPlace()), group: unreadIn(groupPlace()), pushes: newPushes };
  for (const b of document.querySelectorAll('.tabs button')) {
    b.querySelector('.badge')?.remove();
    const n = badge(b.dataset.tab === tab() ? 0 : counts[b.dataset.tab] || 0);
    if (n) b.append(n);
  }
}

function open(e) {
  const g = groupOf(e);
  const members = g?.members?.length ? g.members : store.people.filter((p) => p.accounts.some((a) => a.platform === e.platform)).map((p) => p.id);
  const who = g ? (members.includes(store.me.id) ? store.me : person(members[0])) : person(e.person);
  if (who) choose(who, e.platform);
  if (g) chooseGroup(g.id);
  showTab(g ? 'group' : 'chat');
}

// --- pushes to others ---
const shown = 2; // of a burst, one by one
let burst = 0;
let told = false;
let calm = 0;
function announce(e) {
  if (!e.pushed || !wasSent(e) || document.visibilityState !== 'visible') return;
  if ([myPlace(), groupPlace()].includes(placeOf(e)) && (wide.matches || tab() === (e.group ? 'group' : 'chat'))) return;
  if (!wide.matches && tab() === 'pushes') return;
  clearTimeout(calm);
  calm = setTimeout(() => {
    if (burst > shown && !told) toast.tip(`另有 ${burst - shown} 条推送，都在“推送记录”里`);
    burst = 0;
    told = false;
  }, 700);
  burst += 1;
  told ||= store.moving; // the clock says how many came
  if (burst <= shown) toast.pushed(e, open);
}

function view(url) {
  $('viewer').querySelector('img').src = url;
  $('viewer').showModal();
}

// --- start and follow ---
let stream = null;
async function start() {
  try {
    const state = await api.getState();
    if (!state.people?.length) throw new Error('演示里还没有人。请先装入演示数据。');
    load(state);
    stream?.close();
    stream = api.follow(state.cursor, { entry: add, clock: (c) => { if (!store.moving) setClock(c); }, reset: start, online });
  } catch (err) {
    toast.error(err);
    setTimeout(start, 4000);
  }
}

let offlineSoon = 0;
function online(yes) {
  clearTimeout(offlineSoon);
  if (yes) $('offline').hidden = true;
  else offlineSoon = setTimeout(() => { $('offline').hidden = false; }, 1500);
}

function hear(e) {
  chat.add(e);
  group.add(e);
  if (e.pushed && (wide.matches || tab() !== 'pushes')) newPushes += 1;
  announce(e);
}

function changed(e) {
  for (const c of [chat, group]) if (placeOf(e) === c.place()) c.redraw();
}

startPeople();
startPushes(open);
startClock();
on('me', drawChats);
on('entry', hear);
on('changed', changed);
on('unread', calmly(tabBadges));
for (const b of document.querySelectorAll('.tabs button')) b.addEventListener('click', () => { toast.clear(); showTab(b.dataset.tab); });
document.querySelector('.now-pill').addEventListener('click', () => showTab('time'));
$('group').querySelector('.nav-pick select').addEventListener('change', (e) => chooseGroup(e.target.value));
document.addEventListener('visibilitychange', () => showTab(tab()));
wide.addEventListener('change', () => showTab(tab()));
start();
