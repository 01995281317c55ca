// A server and its client in one process. Node makes the sockets, connects and accepts in its own
// time; what greet() and answer() write, it writes at once.
const net = require("net");

const server = net.createServer(function onClient(socket) {
  socket.on("data", function answer() {
    socket.end("hi");
  });
});

server.listen(0, "127.0.0.1", function onListening() {
  const client = net.connect(server.address().port, "127.0.0.1");
  client.on("connect", function greet() {
    client.write("hello");
  });
  client.on("data", function goAway() {
    client.end();
    server.close();
  });
});
