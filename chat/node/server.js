// hello/hi chat, the server, in Node. Nothing waits in a call: libuv's loop accepts and reads when
// epoll says that it can, and the program goes on where it has an await.
"use strict";
const { once } = require("node:events");
const net = require("node:net");
const { ask, fail, options, keyboard } = require("./chat.js");

async function serve() {
  const server = net.createServer();
  server.maxConnections = 1;
  server.listen({ ...options, backlog: 10 }); // socket, bind and listen
  await once(server, "listening");
  console.log("waiting for the client");

  const [socket] = await once(server, "connection"); // accept
  socket.on("error", fail);
  console.log(`the client ${socket.remoteAddress}:${socket.remotePort} has connected`);

  await answerMessages(socket);
  socket.destroySoon(); // close, once all is sent
  server.close();
  keyboard.close();
}

async function answerMessages(socket) {
  const messages = socket[Symbol.asyncIterator]();
  for (;;) {
    const message = await messages.next(); // read
    if (message.done) break; // the other side has closed
    console.log(`client: ${message.value}`);
    const answer = await ask("server: ");
    if (answer === null) return;
    socket.write(answer);
  }
  console.log("the client has disconnected");
}

serve().catch(fail);
