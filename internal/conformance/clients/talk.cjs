// How a test speaks with a client program: one JSON value a line. A request names what to
// do and gets one line back, {"answer":…} or {"error":"…"}; {"event":…} comes by itself.
'use strict';

const readline = require('node:readline');

const write = (value) => process.stdout.write(JSON.stringify(value) + '\n');

// The clients print what they do to standard output, which is ours.
for (const level of ['debug', 'info', 'log', 'warn']) console[level] = console.error;

// tell reports an event.
exports.tell = (event, more) => write({ event, ...more });

// serve carries out requests one after the other, until standard input ends.
exports.serve = (actions) => {
  let last = Promise.resolve();
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    last = last.then(async () => {
      try {
        const { do: action, ...args } = JSON.parse(line);
        write({ answer: (await actions[action](args)) ?? null });
      } catch (err) {
        write({ error: err.errmsg ?? err.message });
      }
    });
  }).on('close', () => process.exit(0));
};
