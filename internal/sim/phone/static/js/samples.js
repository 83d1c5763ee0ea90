// Sample photos for visitors without one at hand, drawn on the spot. Each is a
// little scene in flat colours with the grain and the tilt of a phone picture.

const W = 960, H = 720;

function wall(g, top, floor, split) {
  g.fillStyle = top; g.fillRect(0, 0, W, H);
  g.fillStyle = floor; g.fillRect(0, split, W, H - split);
  g.fillStyle = 'rgba(255,255,255,.35)'; g.fillRect(0, split - 10, W, 10);
}

function round(g, x, y, w, h, r, colour) {
  g.fillStyle = colour; g.beginPath(); g.roundRect(x, y, w, h, r); g.fill();
}

function extinguisher(g) {
  wall(g, '#d9dfe2', '#8d979b', 560);
  round(g, 280, 150, 400, 440, 14, '#b9c2c6'); round(g, 300, 170, 360, 400, 8, '#eef1f2');
  for (const x of [350, 510]) {
    round(g, x + 32, 222, 36, 40, 6, '#3a3f44'); round(g, x, 250, 100, 300, 34, '#cf2f2b');
    round(g, x + 12, 270, 14, 250, 7, 'rgba(255,255,255,.28)'); round(g, x + 14, 350, 72, 86, 6, '#f6f1e6');
    g.strokeStyle = '#23272b'; g.lineWidth = 10; g.beginPath(); g.moveTo(x + 66, 240); g.quadraticCurveTo(x + 128, 270, x + 104, 380); g.stroke();
  }
  g.fillStyle = '#a32320'; g.font = '600 24px sans-serif'; g.fillText('有效期', 372, 384); g.fillText('2024.06', 366, 418);
  g.fillText('有效期', 532, 384); g.fillText('2024.06', 526, 418);
}

function crack(g) {
  wall(g, '#e7dfd0', '#9b8f7e', 600);
  g.fillStyle = '#d6ccb9'; g.fillRect(0, 420, W, 180);
  round(g, 90, 90, 230, 260, 6, '#8fb2c9'); g.strokeStyle = '#f7f5ef'; g.lineWidth = 16; g.strokeRect(90, 90, 230, 260);
  g.beginPath(); g.moveTo(205, 90); g.lineTo(205, 350); g.stroke();
  g.strokeStyle = '#5b5043'; g.lineWidth = 9; g.lineJoin = 'bevel'; g.beginPath();
  [[470, 0], [498, 84], [462, 160], [520, 236], [506, 320], [566, 404], [540, 486], [596, 600]].forEach(([x, y], i) => (i ? g.lineTo(x, y) : g.moveTo(x, y)));
  g.stroke(); g.lineWidth = 4; g.beginPath(); g.moveTo(520, 236); g.lineTo(606, 290); g.lineTo(640, 372); g.moveTo(566, 404); g.lineTo(500, 452); g.stroke();
  g.fillStyle = '#c3b7a2'; g.beginPath(); g.ellipse(700, 200, 90, 60, .4, 0, 7); g.fill();
}

function blocked(g) {
  wall(g, '#dfe6df', '#a9a298', 520);
  round(g, 360, 120, 260, 430, 6, '#5f8f72'); round(g, 488, 130, 4, 410, 0, '#3f6b52');
  round(g, 400, 50, 180, 56, 6, '#1f9d57'); g.fillStyle = '#fff'; g.font = '700 32px sans-serif'; g.fillText('安全出口', 426, 90);
  for (const [x, y, w, h, c] of [[250, 400, 190, 170, '#c4935a'], [430, 440, 210, 150, '#b5834c'], [300, 270, 160, 132, '#d2a56e'], [620, 470, 130, 120, '#bd8d55']]) {
    round(g, x, y, w, h, 4, c); g.fillStyle = 'rgba(90,60,25,.35)'; g.fillRect(x + w / 2 - 10, y, 20, h);
  }
}

function fixed(g) {
  wall(g, '#e3ebe6', '#b3aca1', 520);
  round(g, 340, 110, 300, 440, 6, '#6aa283'); round(g, 488, 120, 4, 420, 0, '#447a5c'); round(g, 460, 320, 12, 60, 6, '#e9edf0'); round(g, 508, 320, 12, 60, 6, '#e9edf0');
  round(g, 400, 40, 180, 56, 6, '#1fae60'); g.fillStyle = '#fff'; g.font = '700 32px sans-serif'; g.fillText('安全出口', 426, 80);
  g.fillStyle = '#f2d24b'; g.beginPath(); g.moveTo(300, 720); g.lineTo(370, 552); g.lineTo(610, 552); g.lineTo(680, 720); g.lineTo(640, 720); g.lineTo(588, 568); g.lineTo(392, 568); g.lineTo(340, 720); g.fill();
}

export const samples = [
  { name: '灭火器过期', draw: extinguisher },
  { name: '墙体裂缝', draw: crack },
  { name: '通道堵塞', draw: blocked },
  { name: '整改完成', draw: fixed },
];

export function paint(sample) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [W, H];
  const g = canvas.getContext('2d');
  sample.draw(g);
  const light = g.createRadialGradient(W * .42, H * .36, 80, W / 2, H / 2, W * .68);
  light.addColorStop(0, 'rgba(255,250,235,.16)');
  light.addColorStop(1, 'rgba(20,24,32,.34)');
  g.fillStyle = light;
  g.fillRect(0, 0, W, H);
  return canvas;
}

const jpeg = (canvas) => new Promise((done, no) => canvas.toBlob((b) => (b ? done(b) : no(new Error('这张照片打不开。请换一张。'))), 'image/jpeg', .86));

export const toPhoto = (sample) => jpeg(paint(sample));

// lighten makes a photo small enough to send: big ones and kinds that not every
// platform shows become a JPEG of at most 1600 pixels.
export async function lighten(file) {
  const plain = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'].includes(file.type);
  if (plain && file.size <= 1 << 20) return file;
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new Error('这张照片打不开。请换一张 JPG 或 PNG。');
  }
  const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return jpeg(canvas);
}
