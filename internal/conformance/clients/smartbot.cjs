// A smart bot on WeCom's own library, steered by a test.
'use strict';

const { WSClient, generateReqId } = require('@wecom/aibot-node-sdk');
const { createHash } = require('node:crypto');
const { tell, serve } = require('./talk.cjs');

const kinds = ['text', 'image', 'mixed', 'voice', 'file', 'video'];
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };

let client;

// question is a card with two buttons.
const question = (task, title, labels) => ({
  card_type: 'button_interaction', main_title: { title }, task_id: task,
  button_list: labels.map((text, i) => ({ text, style: i === 0 ? 1 : 2, key: `k-${text}` })),
});

// said tells how an answer was taken.
const said = (answer) => answer.then(() => tell('answered'), (err) => tell('refused', { text: err.errmsg ?? err.message }));

// connect starts a bot that repeats what it hears, asks back by card, and greets.
const connect = ({ url, botId, secret, heartbeat }) => {
  client = new WSClient({ botId, secret, wsUrl: url, heartbeatInterval: heartbeat, reconnectInterval: 5, maxReconnectAttempts: -1, maxAuthFailureAttempts: 1, logger: quiet });
  for (const name of ['authenticated', 'disconnected', 'reconnecting', 'event.enter_chat', 'event.disconnected_event']) {
    client.on(name, () => tell(name));
  }
  client.on('error', (err) => tell('error', { text: err.message }));
  for (const kind of kinds) {
    client.on(`message.${kind}`, (frame) => {
      tell('message', { kind, reqId: frame.headers.req_id, body: frame.body });
      if (frame.body.text?.content === '卡片') {
        said(client.replyTemplateCard(frame, question(generateReqId('task'), '确认吗？', ['确认', '取消'])));
      } else {
        said(client.replyStream(frame, generateReqId('stream'), `回声：${frame.body.text?.content ?? kind}`, true));
      }
    });
  }
  client.on('event.enter_chat', (frame) => said(client.replyWelcome(frame, { msgtype: 'text', text: { content: '您好' } })));
  client.on('event.template_card_event', (frame) => {
    const press = frame.body.event.template_card_event;
    tell('press', { kind: press.card_type, text: press.event_key, body: frame.body });
    said(client.updateTemplateCard(frame, question(press.task_id, `选了${press.event_key}`, ['已选'])));
  });
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
