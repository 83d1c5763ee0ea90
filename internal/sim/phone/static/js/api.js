// The page's requests. A refused request throws an Error whose message is the
// server's Chinese sentence.

const base = '/demo/api';
const own = { 'X-Duban-Demo': '1' };

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(base + path, { credentials: 'same-origin', ...options });
  } catch {
    throw new Error('连不上演示程序。请看看它是不是还开着。');
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error || '演示程序没有答复。请再试一次。');
  return body;
}

export const getState = () => ask('/state');

export function send({ person, platform, group, text, photos }) {
  const form = new FormData();
  for (const [k, v] of Object.entries({ person, platform, group: group || '', text })) form.append(k, v);
  photos.forEach((blob, i) => form.append('photo', blob, `photo-${i + 1}`));
  return ask('/send', { method: 'POST', headers: own, body: form });
}

export const advance = (move) =>
  ask('/advance', { method: 'POST', headers: { ...own, 'Content-Type': 'application/json' }, body: JSON.stringify(move) });

// follow opens the stream of events. The browser reconnects by itself and says
// where it was; reset means that this was too long ago.
export function follow(cursor, { entry, clock, reset, online }) {
  const source = new EventSource(`${base}/events?after=${encodeURIComponent(cursor)}`);
  source.addEventListener('entry', (e) => entry(JSON.parse(e.data)));
  source.addEventListener('clock', (e) => clock(JSON.parse(e.data)));
  source.addEventListener('reset', () => { source.close(); reset(); });
  source.addEventListener('open', () => online(true));
  source.addEventListener('error', () => {
    online(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(reset, 3000);
  });
  return source;
}
