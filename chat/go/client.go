// hello/hi chat, the client, in Go. Dial returns once the non-blocking connect has succeeded, which
// the runtime learns from epoll and getsockopt(SO_ERROR).
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

func main() {
	host := flag.String("host", "127.0.0.1", "the server's address")
	port := flag.Uint("port", 12345, "the server's port")
	flag.Parse()

	connection, err := net.Dial("tcp4", fmt.Sprintf("%s:%d", *host, *port)) // socket and connect
	check(err)

	sendMessages(connection)
	connection.Close()
}

func sendMessages(connection net.Conn) {
	keyboard := bufio.NewReader(os.Stdin)
	buffer := make([]byte, 1024)
	for {
		message, ok := ask(keyboard, "input: ")
		if !ok || message == "exit" {
			return
		}
		_, err := connection.Write([]byte(message))
		check(err)
		n, err := connection.Read(buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		check(err)
		fmt.Printf("server: %s\n", buffer[:n])
	}
	fmt.Println("the server has disconnected")
}

// ask returns the next line typed that is not empty, or false at the end of the input (Ctrl-D).
func ask(keyboard *bufio.Reader, prompt string) (string, bool) {
	for {
		fmt.Print(prompt)
		line, err := keyboard.ReadString('\n')
		if err != nil {
			fmt.Println()
			return "", false
		}
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			return line, true
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
