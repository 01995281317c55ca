// What server.c and client.c share: the command line, the keyboard, failures, and sending. Of the
// socket calls only send() is made here.
#pragma once

#include <netinet/in.h>
#include <stddef.h>

// The address that --host and --port name (127.0.0.1 and 12345); ends the program, with status 2,
// when they name none.
struct sockaddr_in read_address(int argc, char** argv);

// Says which call failed and why (errno), and ends the program with status 1.
_Noreturn void fail(const char* call);

// Shows the prompt until a line is typed that has something in it, for nothing can be sent of an
// empty one. Returns the line without its end, valid until the next ask(); NULL at the end of the
// input (Ctrl-D).
char* ask(const char* prompt);

// Sends every byte, in as many calls as the kernel needs.
void send_all(int sock, const char* text, size_t size);
