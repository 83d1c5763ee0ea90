// A robot on DingTalk's own stream library, steered by a test.
'use strict';

// The library knows one gateway. The module that names it is shared with its client.
const constants = require('dingtalk-stream/dist/constants.cjs');
const { DWClient } = require('dingtalk-stream');
const { tell, serve } = require('./talk.cjs');

let client;

// A library that connects anew keeps the timers of its former connections (its issue 13), so
// that a heartbeat is asked for only where nothing is cut.
const open = ({ api, clientId, clientSecret, ua, heartbeat }) => {
  constants.GATEWAY_URL = `${api}/v1.0/gateway/connections/open`;
  client = new DWClient({ clientId, clientSecret, ua, keepAlive: Boolean(heartbeat) });
  client.heartbeat_interval = heartbeat;
  client.reconnectInterval = 5;
};

// connect starts a robot that acknowledges what it hears and answers by the session.
const connect = async (settings) => {
  open(settings);
  client.registerCallbackListener(constants.TOPIC_ROBOT, async (frame) => {
    const push = JSON.parse(frame.data);
    tell('message', { headers: frame.headers, data: frame.data });
    const answer = await fetch(push.sessionWebhook, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ msgtype: 'text', text: { content: `回声：${push.text?.content.trim() ?? push.msgtype}` }, at: { atUserIds: [push.senderStaffId] } }),
    });
    client.socketCallBackResponse(frame.headers.messageId, await answer.json());
  });
  await client.connect();
};

// ticket asks the gateway once and says what it answered.
const ticket = async (settings) => {
  open(settings);
  try {
    await client.getEndpoint();
    return { status: 200 };
  } catch (err) {
    return { status: err.response.status, code: err.response.data.code };
  }
};

serve({ connect, ticket, disconnect: () => client.disconnect() });
