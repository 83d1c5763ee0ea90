// WeCom's callback encryption as its own two libraries do it: alone, as a caller of our
// callbacks, and as a server that a platform calls.
'use strict';

const http = require('node:http');
const official = require('@wecom/crypto');
const { WecomCrypto } = require('@wecom/aibot-node-sdk');
const { serve } = require('./talk.cjs');

const attempt = (work) => {
  try {
    return work();
  } catch {
    return null;
  }
};

const element = (xml, name) =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? '';

// both opens with both libraries. A text that one of them refuses is null.
const both = ({ token, key, receiver, timestamp, nonce, encrypt }) => {
  const robot = new WecomCrypto(token, key, receiver);
  return {
    crypto: attempt(() => {
      const { message, id } = official.decrypt(key, encrypt);
      return id === receiver ? message : null;
    }),
    sdk: attempt(() => robot.decrypt(encrypt)),
    signatures: [official.getSignature(token, timestamp, nonce, encrypt), robot.computeSignature(timestamp, nonce, encrypt)],
  };
};

// seal encrypts with each library.
const seal = ({ token, key, receiver, timestamp, nonce, text, random }) => {
  const encrypt = official.encrypt(key, text, receiver, random ? Buffer.from(random) : undefined);
  return [
    { encrypt, signature: official.getSignature(token, timestamp, nonce, encrypt) },
    new WecomCrypto(token, key, receiver).encrypt(text, timestamp, nonce),
  ];
};

const addressed = (url, query) => `${url}?${new URLSearchParams(query)}`;

// save is what the console does when the callback's address is saved.
const save = async ({ url, ...settings }) => {
  const [{ encrypt, signature }] = seal(settings);
  const { timestamp, nonce } = settings;
  const answer = await fetch(addressed(url, { msg_signature: signature, timestamp, nonce, echostr: encrypt }));
  return { status: answer.status, body: await answer.text() };
};

// call hands a message to a callback as the platform does, and opens the answer.
const call = async ({ url, json, ...settings }) => {
  const { token, key, receiver, timestamp, nonce } = settings;
  const [{ encrypt, signature }] = seal(settings);
  const body = json
    ? JSON.stringify({ encrypt })
    : `<xml><ToUserName><![CDATA[${receiver}]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt><AgentID><![CDATA[1000002]]></AgentID></xml>`;
  const answer = await fetch(addressed(url, { msg_signature: signature, timestamp, nonce }), { method: 'POST', body });
  const raw = await answer.text();
  if (raw === '') return { status: answer.status };
  const sealed = json
    ? JSON.parse(raw)
    : { encrypt: element(raw, 'Encrypt'), msgsignature: element(raw, 'MsgSignature'), timestamp: element(raw, 'TimeStamp'), nonce: element(raw, 'Nonce') };
  const opened = both({ token, key, receiver, timestamp: String(sealed.timestamp), nonce: sealed.nonce, encrypt: sealed.encrypt });
  return {
    status: answer.status,
    signed: opened.signatures.every((s) => s === sealed.msgsignature),
    nonce: sealed.nonce,
    crypto: opened.crypto,
    sdk: opened.sdk,
  };
};

// listen is a bot on the official library: it opens a callback and repeats what was said.
const listen = ({ token, key, receiver, json }) =>
  new Promise((resolve) => {
    const server = http.createServer((req, res) => {
      const url = new URL(req.url, 'http://localhost');
      const { msg_signature: signature, timestamp, nonce, echostr } = Object.fromEntries(url.searchParams);
      const open = (encrypt) => {
        if (official.getSignature(token, timestamp, nonce, encrypt) !== signature) throw new Error('signature');
        const { message, id } = official.decrypt(key, encrypt);
        if (id !== receiver) throw new Error('receiver');
        return message;
      };
      const chunks = [];
      req.on('data', (c) => chunks.push(c)).on('end', () => {
        try {
          if (req.method === 'GET') return res.end(open(echostr));
          const raw = Buffer.concat(chunks).toString();
          const inner = open(json ? JSON.parse(raw).encrypt : element(raw, 'Encrypt'));
          res.end(json ? echoJSON(inner) : echoXML(inner));
        } catch (err) {
          res.writeHead(403).end(err.message);
        }
        return undefined;
      });
      const sealed = (text) => seal({ token, key, receiver, timestamp, nonce, text })[0];
      const echoXML = (inner) => {
        const { encrypt, signature: s } = sealed(
          `<xml><ToUserName><![CDATA[${element(inner, 'FromUserName')}]]></ToUserName><FromUserName><![CDATA[${element(inner, 'ToUserName')}]]></FromUserName>` +
            `<CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${element(inner, 'Content')}]]></Content></xml>`,
        );
        return `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature><![CDATA[${s}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`;
      };
      const echoJSON = (inner) => {
        const { text } = JSON.parse(inner);
        const { encrypt, signature: s } = sealed(JSON.stringify({ msgtype: 'stream', stream: { id: 'S1', finish: true, content: text.content } }));
        return JSON.stringify({ encrypt, msgsignature: s, timestamp: Number(timestamp), nonce });
      };
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/`));
  });

serve({ both, seal, save, call, listen });
