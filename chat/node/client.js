// hello/hi chat, the client, in Node. Nothing waits in a call: libuv's loop finishes the connect and
// reads when epoll says that it can, and the program goes on where it has an await.
"use strict";
const { once } = require("node:events");
const net = require("node:net");
const { ask, fail, options, keyboard } = require("./chat.js");

async function talk() {
  const socket = net.createConnection(options); // socket and connect
  socket.on("error", fail);
  await once(socket, "connect");

  await sendMessages(socket);
  socket.destroySoon(); // close, once all is sent
  keyboard.close();
}

async function sendMessages(socket) {
  const answers = socket[Symbol.asyncIterator]();
  for (;;) {
    const message = await ask("input: ");
    if (message === null || message === "exit") return;
    socket.write(message);
    const answer = await answers.next(); // read
    if (answer.done) break; // the other side has closed
    console.log(`server: ${answer.value}`);
  }
  console.log("the server has disconnected");
}

talk().catch(fail);
