// An echo-and-store bot on the platforms' own Node libraries: it verifies and opens a
// message, stores it once, and answers. What duban is measured beside does this and no
// more, on every road: the callbacks of WeCom's app and smart bot and of DingTalk's robot,
// WeCom's long connection and DingTalk's stream. Settings are duban's own variables.
import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';
import mysql from 'mysql2/promise';

const require = createRequire(import.meta.url);
const wecom = require('@wecom/crypto');
const { WSClient, WecomCrypto, generateReqId } = require('@wecom/aibot-node-sdk');
const gateway = require('dingtalk-stream/dist/constants.cjs');
const { DWClient } = require('dingtalk-stream');

const env = (name) => process.env[`DUBAN_${name}`] ?? '';
console.info = () => {};

const answer = '已记下';
const maxBody = 1 << 20;

// --- storing -----------------------------------------------------------------

const [, user, password, host, port, database] = /^(.*?):(.*)@tcp\((.*):(\d+)\)\/(.*)$/.exec(process.env.PEER_DSN);
const pool = mysql.createPool({ host, port: Number(port), user, password, database, connectionLimit: 32 });
const table = process.env.PEER_TABLE;
const failed = (err) => console.error(err.errmsg ?? err.message);

// store keeps a message once; a repeated one is no failure.
const store = async (id, text) => {
  try {
    await pool.execute(`INSERT INTO ${table} (msg, body) VALUES (?, ?)`, [id, text]);
  } catch (err) {
    if (err.code !== 'ER_DUP_ENTRY') throw err;
  }
};

// --- WeCom's callbacks ---------------------------------------------------------

const element = (xml, name) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? '';

class Refused extends Error {}

const app = async (query, body) => {
  const [token, key, corp] = [env('WECOM_TOKEN'), env('WECOM_ENCODING_AES_KEY'), env('WECOM_CORP_ID')];
  const sealed = element(body, 'Encrypt');
  if (wecom.getSignature(token, query.timestamp, query.nonce, sealed) !== query.msg_signature) throw new Refused('signature');
  const { message, id } = wecom.decrypt(key, sealed);
  if (id !== corp) throw new Refused('receiver');
  await store(element(message, 'MsgId'), element(message, 'Content'));
  const now = Math.floor(Date.now() / 1000);
  const encrypt = wecom.encrypt(
    key,
    `<xml><ToUserName><![CDATA[${element(message, 'FromUserName')}]]></ToUserName><FromUserName><![CDATA[${corp}]]></FromUserName>` +
      `<CreateTime>${now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${answer}]]></Content></xml>`,
    corp,
  );
  const signature = wecom.getSignature(token, now, query.nonce, encrypt);
  return `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>${now}</TimeStamp><Nonce><![CDATA[${query.nonce}]]></Nonce></xml>`;
};

const smart = env('WECOM_BOT_TOKEN') && new WecomCrypto(env('WECOM_BOT_TOKEN'), env('WECOM_BOT_ENCODING_AES_KEY'), '');

const bot = async (query, body) => {
  const { encrypt: sealed } = JSON.parse(body);
  if (!smart.verifySignature(query.msg_signature, query.timestamp, query.nonce, sealed)) throw new Refused('signature');
  const message = JSON.parse(smart.decrypt(sealed));
  await store(message.msgid, message.text.content);
  const now = Math.floor(Date.now() / 1000);
  const { encrypt, signature } = smart.encrypt(JSON.stringify({ msgtype: 'stream', stream: { id: message.msgid, finish: true, content: answer } }), String(now), query.nonce);
  return JSON.stringify({ encrypt, msgsignature: signature, timestamp: now, nonce: query.nonce });
};

// --- DingTalk's callback ---------------------------------------------------------

const robot = async (query, body, headers) => {
  const { timestamp, sign } = headers;
  const secret = env('DINGTALK_CLIENT_SECRET');
  const want = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest();
  const got = Buffer.from(sign ?? '', 'base64');
  if (got.length !== want.length || !timingSafeEqual(got, want)) throw new Refused('signature');
  const message = JSON.parse(body);
  await store(message.msgId, message.text.content.trim());
  return JSON.stringify({ msgtype: 'text', text: { content: answer } });
};

// --- the long connections ----------------------------------------------------------

const socket = () => {
  const nothing = () => {};
  const client = new WSClient({ botId: env('WECOM_BOT_ID'), secret: env('WECOM_BOT_SECRET'), wsUrl: env('WECOM_BOT_WS_URL'),
    logger: { debug: nothing, info: nothing, warn: nothing, error: console.error } });
  client.on('error', failed);
  client.on('message.text', (frame) => {
    store(frame.body.msgid, frame.body.text.content)
      .then(() => client.replyStream(frame, generateReqId('stream'), answer, true))
      .catch(failed);
  });
  client.connect();
};

const agent = new http.Agent({ keepAlive: true });

const post = (url, body) => new Promise((resolve, reject) => {
  const req = http.request(url, { method: 'POST', agent, headers: { 'Content-Type': 'application/json' } }, (res) => res.resume().on('end', resolve));
  req.on('error', reject).end(body);
});

const stream = () => {
  gateway.GATEWAY_URL = `${env('DINGTALK_API_BASE')}/v1.0/gateway/connections/open`;
  const client = new DWClient({ clientId: env('DINGTALK_CLIENT_ID'), clientSecret: env('DINGTALK_CLIENT_SECRET'), ua: 'peer/1.0' });
  client.registerCallbackListener(gateway.TOPIC_ROBOT, (frame) => {
    const message = JSON.parse(frame.data);
    store(message.msgId, message.text.content.trim())
      .then(() => client.socketCallBackResponse(frame.headers.messageId, null))
      .then(() => post(message.sessionWebhook, JSON.stringify({ msgtype: 'text', text: { content: answer } })))
      .catch(failed);
  });
  return client.connect();
};

// --- all together ----------------------------------------------------------------

const roads = { '/callback/wecom/app': app, '/callback/wecom/bot': bot, '/callback/dingtalk/robot': robot };

const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://localhost');
  const road = roads[url.pathname];
  const chunks = [];
  let size = 0;
  req.on('data', (chunk) => {
    chunks.push(chunk);
    if ((size += chunk.length) > maxBody) req.destroy();
  });
  req.on('end', async () => {
    try {
      res.end(await road(Object.fromEntries(url.searchParams), Buffer.concat(chunks).toString(), req.headers));
    } catch (err) {
      res.writeHead(err instanceof Refused ? 403 : 503).end();
    }
  });
});

await pool.query(`CREATE TABLE ${table} (id BIGINT AUTO_INCREMENT PRIMARY KEY, msg VARCHAR(64) NOT NULL, body TEXT NOT NULL, UNIQUE KEY (msg))`);
if (env('WECOM_BOT_SECRET')) socket();
if (env('DINGTALK_MODE') === 'stream') await stream();
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
