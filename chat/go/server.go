// hello/hi chat, the server, in Go. The runtime makes every socket non-blocking: where Read seems to
// wait, the goroutine sleeps and the runtime waits in epoll for all of them.
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
	host := flag.String("host", "127.0.0.1", "address to listen on")
	port := flag.Uint("port", 12345, "port to listen on")
	flag.Parse()

	listener, err := net.Listen("tcp4", fmt.Sprintf("%s:%d", *host, *port)) // socket, bind and listen
	check(err)
	fmt.Println("waiting for the client")

	connection, err := listener.Accept()
	check(err)
	fmt.Printf("the client %s has connected\n", connection.RemoteAddr())

	answerMessages(connection)
	connection.Close()
	listener.Close()
}

func answerMessages(connection net.Conn) {
	keyboard := bufio.NewReader(os.Stdin)
	buffer := make([]byte, 1024)
	for {
		n, err := connection.Read(buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		check(err)
		fmt.Printf("client: %s\n", buffer[:n])
		answer, ok := ask(keyboard, "server: ")
		if !ok {
			return
		}
		_, err = connection.Write([]byte(answer))
		check(err)
	}
	fmt.Println("the client has disconnected")
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
