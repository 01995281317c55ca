// Explanations of calls for the fixture pages; the true ones come from reports/explain_rows.cpp.
const help = {
  socket: ["Makes a socket: one end of a communication, not connected to anything yet.", ["__sys_socket", "sock_create", "inet_create"]],
  bind: ["Gives a socket its own address: for a server the port that clients will connect to.", ["__sys_bind", "inet_bind"]],
  listen: ["Turns a socket into a listening one: from now on the kernel itself completes connections and puts them into a queue for accept.", ["__sys_listen", "inet_listen"]],
  accept4: ["Takes the first completed connection out of the queue and makes a new socket for it; waits while the queue is empty.", ["__sys_accept4", "inet_accept", "inet_csk_accept"]],
  connect: ["Connects a socket to an address. For TCP the kernel does the handshake with the kernel at the other end.", ["__sys_connect", "tcp_v4_connect"]],
  sendto: ["Hands bytes to the kernel for sending. It returns how many bytes were taken.", ["__sys_sendto", "tcp_sendmsg"]],
  recvfrom: ["Takes bytes that have arrived; waits while there are none. 0 bytes from a stream mean that the peer has closed.", ["__sys_recvfrom", "tcp_recvmsg"]],
  getsockname: ["Asks for the address that a socket has at this end.", ["__sys_getsockname", "inet_getname"]],
  getpeername: ["Asks for the address at the other end of a connected socket.", ["__sys_getpeername", "inet_getname"]],
  close: ["Gives a descriptor back. When it was the last one of the socket, the kernel ends the connection.", ["__x64_sys_close", "sock_close", "tcp_close"]],
};
const args = {
  domain: "the address family: AF_INET for IPv4, AF_INET6 for IPv6, AF_UNIX for sockets within this machine",
  type: "SOCK_STREAM for a stream of bytes, SOCK_DGRAM for messages",
  protocol: "which protocol of that family and type; 0 for the usual one",
  sockfd: "the socket's descriptor", addr: "the address", addrlen: "the size of that address in bytes",
  backlog: "how many completed connections may wait in the queue; the kernel lets one more in",
  flags: "further wishes, OR-ed; 0 for none", buf: "the bytes", len: "how many bytes",
  dest_addr: "where a datagram goes; NULL on a connected socket", src_addr: "where the kernel writes a datagram's origin; NULL if it is not wanted",
  fd: "the descriptor",
};

export function explainAll(calls, say) {
  const explain = {};
  for (const call of calls) {
    if (explain[call.name]) continue;
    const [summary, kernel] = help[call.name] ?? ["", []];
    explain[call.name] = {
      summary: summary ? say(summary) : null, kernel,
      args: Object.fromEntries(call.args.filter(([name]) => args[name]).map(([name]) => [name, say(args[name])])),
    };
    if (!summary) delete explain[call.name];
  }
  return explain;
}
