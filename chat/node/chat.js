// What server.js and client.js share: the command line, the keyboard, and failures. It opens no
// socket and closes none.
"use strict";
const readline = require("node:readline");
const { parseArgs } = require("node:util");

function readOptions() {
  try {
    const text = (value) => ({ type: "string", default: value });
    return parseArgs({ options: { host: text("127.0.0.1"), port: text("12345") } }).values;
  } catch (wrong) {
    console.error(`error: ${wrong.message}`);
    process.exit(2);
  }
}

const keyboard = readline.createInterface({ input: process.stdin });
const lines = keyboard[Symbol.asyncIterator](); // keeps what is typed before it is asked for

// The next line typed that is not empty; null at the end of the input (Ctrl-D).
async function ask(prompt) {
  for (;;) {
    process.stdout.write(prompt);
    const { value, done } = await lines.next();
    if (done) {
      console.log();
      return null;
    }
    if (value !== "") return value;
  }
}

function fail(error) {
  console.error(`error: ${error.message}`);
  process.exit(1);
}

module.exports = { ask, fail, keyboard, options: readOptions() };
