// A smart bot on WeCom's own library, steered by a test.
'use strict';

const { WSClient, generateReqId } = require('@wecom/aibot-node-sdk');
const { createHash } = require('node:crypto');
const { tell, serve } = require('./talk.cjs');

const kinds = ['text', 'image', 'mixed', 'voice', 'file', 'video'];
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };

let client;

// connect starts a bot that repeats what it hears.
const connect = ({ url, botId, secret, heartbeat }) => {
  client = new WSClient({ botId, secret, wsUrl: url, heartbeatInterval: heartbeat, reconnectInterval: 5, maxReconnectAttempts: -1, maxAuthFailureAttempts: 1, logger: quiet });
  for (const name of ['authenticated', 'disconnected', 'reconnecting', 'event.enter_chat', 'event.disconnected_event']) {
    client.on(name, () => tell(name));
  }
  client.on('error', (err) => tell('error', { text: err.message }));
  for (const kind of kinds) {
    client.on(`message.${kind}`, (frame) => {
      tell('message', { kind, reqId: frame.headers.req_id, body: frame.body });
      client.replyStream(frame, generateReqId('stream'), `回声：${frame.body.text?.content ?? kind}`, true)
        .then(() => tell('answered'), (err) => tell('refused', { text: err.errmsg ?? err.message }));
    });
  }
  client.connect();
};

// push sends a message that answers nothing.
const push = async ({ to, text }) => {
  const frame = await client.sendMessage(to, { msgtype: 'markdown', markdown: { content: text } });
  return frame.errcode;
};

// file fetches one and opens it.
const file = async ({ url, key }) => {
  const { buffer } = await client.downloadFile(url, key);
  return { bytes: buffer.length, sha256: createHash('sha256').update(buffer).digest('hex') };
};

serve({ connect, push, file, disconnect: () => client.disconnect() });
