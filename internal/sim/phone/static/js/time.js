// Times as people read them, in the zone of the demo's world (the browser may
// live elsewhere). The zone comes with the first time the server tells.

let offset = 8 * 60; // minutes east of UTC
const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
const two = (n) => String(n).padStart(2, '0');
const wall = (ms) => new Date(ms + offset * 60000);

export function setZone(rfc3339) {
  const m = /([+-])(\d\d):(\d\d)$/.exec(rfc3339);
  offset = m ? (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) : 0;
}

export const hhmm = (ms) => `${two(wall(ms).getUTCHours())}:${two(wall(ms).getUTCMinutes())}`;

export const dayKey = (ms) => Math.floor((ms + offset * 60000) / 86400000);

// day is 9月10日 周三, with the year when it is not that of now.
export function day(ms, now = ms) {
  const d = wall(ms);
  const year = d.getUTCFullYear() === wall(now).getUTCFullYear() ? '' : `${d.getUTCFullYear()}年`;
  return `${year}${d.getUTCMonth() + 1}月${d.getUTCDate()}日 ${weekdays[d.getUTCDay()]}`;
}

export const fullDay = (ms) => `${wall(ms).getUTCFullYear()}年${day(ms)}`;

export const stamp = (ms, now) => `${day(ms, now)} ${hhmm(ms)}`;

// toInput and fromInput translate to and from <input type=datetime-local>.
export const toInput = (ms) => wall(ms).toISOString().slice(0, 16);

export function fromInput(value) {
  const sign = offset < 0 ? '-' : '+';
  const abs = Math.abs(offset);
  const seconds = value.length === 16 ? ':00' : '';
  return `${value}${seconds}${sign}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
}
