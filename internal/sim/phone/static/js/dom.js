// Small helpers for building elements. Text only ever enters as textContent.

export const $ = (id) => document.getElementById(id);

// el builds an element: el('p', {class: 'a', onclick: f}, 'text', child, …).
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ''));
  return node;
}

// press marks which one of some toggle buttons is on.
export function press(buttons, isOn) {
  for (const b of buttons) b.setAttribute('aria-pressed', String(isOn(b)));
}

export const badge = (n) => (n > 0 ? el('span', { class: 'badge', 'aria-label': `${n} 条未读` }, n > 99 ? '99+' : String(n)) : null);

// calmly wraps a function so that it runs at most once a frame.
export function calmly(f) {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; f(); });
  };
}

// avatar shows the last two characters of a name, as both platforms do.
export function avatar(name, id) {
  let sum = 0;
  for (const ch of id) sum = (sum * 31 + ch.codePointAt(0)) % 997;
  return el('span', { class: `avatar tone-${sum % 8}`, 'aria-hidden': 'true' }, [...name].slice(-2).join(''));
}

export const botAvatar = () => el('span', { class: 'avatar bot', 'aria-hidden': 'true' });
