// The part of the programs that a slide can do without; send_all() is the exception.
#define _GNU_SOURCE // getline, getopt_long
#include "chat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void usage(const char* program, int status) {
  fprintf(status == 0 ? stdout : stderr, "usage: %s [--host ADDRESS] [--port NUMBER]\n", program);
  exit(status);
}

struct sockaddr_in read_address(int argc, char** argv) {
  static const struct option options[] = {{"host", required_argument, NULL, 'h'},
                                          {"port", required_argument, NULL, 'p'},
                                          {"help", no_argument, NULL, 'H'},
                                          {NULL, 0, NULL, 0}};
  const char* host = "127.0.0.1";
  const char* port = "12345";
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    if (option == 'h') host = optarg;
    if (option == 'p') port = optarg;
    if (option == 'H') usage(argv[0], 0);
    if (option == '?') usage(argv[0], 2);
  }
  char* end = NULL;
  const long number = strtol(port, &end, 10);
  struct sockaddr_in address = {.sin_family = AF_INET};
  if (optind != argc || *port == '\0' || *end != '\0' || number < 0 || number > 65535 ||
      inet_pton(AF_INET, host, &address.sin_addr) != 1)
    usage(argv[0], 2);
  address.sin_port = htons((in_port_t)number);
  return address;
}

void fail(const char* call) {
  fprintf(stderr, "error: %s: %s\n", call, strerror(errno));
  exit(1);
}

char* ask(const char* prompt) {
  static char* line = NULL;
  static size_t room = 0;
  ssize_t size = 0;
  do {
    printf("%s", prompt);
    fflush(stdout);
    size = getline(&line, &room, stdin);
    if (size == -1) {
      printf("\n");
      return NULL;
    }
    if (size > 0 && line[size - 1] == '\n') line[--size] = '\0';
  } while (size == 0);
  return line;
}

void send_all(int sock, const char* text, size_t size) {
  while (size > 0) {
    // Without MSG_NOSIGNAL a peer that has gone would kill this process by SIGPIPE.
    const ssize_t sent = send(sock, text, size, MSG_NOSIGNAL);
    if (sent == -1) fail("send");
    text += sent;
    size -= (size_t)sent;
  }
}
