// Socket calls in the shapes in which Go programs write them. Each states where it is: before a call
// it writes the line, the function around it and the text of the call to the pipe that its argument
// names. The calls follow one after the other, so that what is stated holds for all kernel calls
// until the next statement.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

var pipe int

func here() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}

// The call is on the next line.
func expect(function string, text string) {
	_, _, line, _ := runtime.Caller(1)
	state(line+1, function, text)
}

func state(line int, function string, text string) {
	message := fmt.Sprintf("many\x1f%d\x1f%s\x1f\x1f%s\x1e", line, function, text)
	if _, err := syscall.Write(pipe, []byte(message)); err != nil {
		os.Exit(3)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type client struct {
	conn net.Conn
	name string
}

func (c *client) say(text string) error {
	expect("main.(*client).say", "c.conn.Write([]byte(text))")
	_, err := c.conn.Write([]byte(text))
	return err
}

func (c client) hear(size int) string {
	buffer := make([]byte, size)
	expect("main.client.hear", "io.ReadFull(c.conn, buffer)")
	n, err := io.ReadFull(c.conn, buffer)
	check(err)
	return string(buffer[:n])
}

// Small enough to be expanded into its caller.
var lineOfShort = here() + 2

func short(w io.Writer, b []byte) (int, error) { return w.Write(b) }

func generic[W io.Writer](w W, b []byte) {
	expect("main.generic[...]", "w.Write(b)")
	_, err := w.Write(b)
	check(err)
}

// The compiler makes a function of each deferred call, which has that call's line.
func deferred(conn net.Conn) {
	line := here() + 1
	defer conn.Close()
	expect("main.deferred", "conn.(*net.TCPConn).CloseWrite()")
	err := conn.(*net.TCPConn).CloseWrite()
	state(line, "main.deferred.func1", "conn.Close()")
	check(err)
}

func deferredInLoop(conns []net.Conn) {
	line := here() + 2
	for _, conn := range conns {
		defer conn.Close()
	}
	state(line, "main.deferredInLoop.func1", "conn.Close()")
}

func deferredFunction(conn net.Conn) {
	defer func() {
		expect("main.deferredFunction.func1", "conn.Close()")
		conn.Close()
	}()
}

func panics(conn net.Conn) {
	defer func() { recover() }()
	line := here() + 1
	defer conn.Close()
	state(line, "main.panics.func2", "conn.Close()")
	panic("after this the deferred call runs")
}

func deep(conn net.Conn, depth int) {
	var frame [3000]byte
	frame[depth] = byte(depth)
	if depth > 0 {
		deep(conn, depth-1)
	} else {
		expect("main.deep", "conn.Write(frame[:2])")
		_, err := conn.Write(frame[:2])
		check(err)
	}
	frame[0]++
}

func pair() (net.Conn, net.Conn) {
	expect("main.pair", `net.Listen("tcp", "127.0.0.1:0")`)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	address := listener.Addr().String()
	expect("main.pair", `net.Dial("tcp", address)`)
	near, err := net.Dial("tcp", address)
	check(err)
	expect("main.pair", "listener.Accept()")
	far, err := listener.Accept()
	check(err)
	expect("main.pair", "listener.Close()")
	check(listener.Close())
	return near, far
}

func datagrams() {
	expect("main.datagrams", `net.ListenPacket("udp", "127.0.0.1:0")`)
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	check(err)
	expect("main.datagrams", `socket.WriteTo([]byte("self"), socket.LocalAddr())`)
	_, err = socket.WriteTo([]byte("self"), socket.LocalAddr())
	check(err)
	buffer := make([]byte, 16)
	expect("main.datagrams", "socket.ReadFrom(buffer)")
	_, _, err = socket.ReadFrom(buffer)
	check(err)
	expect("main.datagrams", "socket.Close()")
	check(socket.Close())
}

func raw() {
	expect("main.raw", "syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)")
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	check(err)
	expect("main.raw", "syscall.Close(fd)")
	check(syscall.Close(fd))
}

func main() {
	var err error
	pipe, err = strconv.Atoi(os.Args[len(os.Args)-1])
	check(err)
	near, far := pair()
	one, two := &client{near, "near"}, client{far, "far"}
	check(one.say("hello"))
	two.hear(5)

	done := make(chan bool)
	go func() {
		expect("main.main.func1", `near.Write([]byte("goroutine"))`)
		_, err := near.Write([]byte("goroutine"))
		check(err)
		done <- true
	}()
	<-done
	// Nothing is there to read yet: the goroutine sleeps, and a thread of the runtime's waits.
	go func() {
		buffer := make([]byte, 16)
		expect("main.main.func2", "io.ReadFull(far, buffer[:9])")
		_, err := io.ReadFull(far, buffer[:9])
		check(err)
		check(far.SetReadDeadline(time.Now().Add(10 * time.Millisecond)))
		expect("main.main.func2", "far.Read(buffer)")
		_, err = far.Read(buffer)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			os.Exit(4)
		}
		check(far.SetReadDeadline(time.Time{}))
		done <- true
	}()
	<-done
	state(lineOfShort, "main.short", "w.Write(b)")
	short(near, []byte("short"))

	expect("main.main", `fmt.Fprintf(near, "%s", "printed")`)
	fmt.Fprintf(near, "%s", "printed")
	writer := bufio.NewWriter(near)
	writer.WriteString("buffered\n")
	expect("main.main", "writer.Flush()")
	check(writer.Flush())
	expect("main.main", `bufio.NewReader(far).ReadString('\n')`)
	line, err := bufio.NewReader(far).ReadString('\n')
	check(err)
	generic(near, []byte(line))
	deep(near, 20)

	write := near.Write
	expect("main.main", "") // no name is called
	write([]byte("value"))
	state(here()+1, "main.main", "near.Write(\n\t\t[]byte(\"lines\"),\n\t)")
	near.Write(
		[]byte("lines"),
	)
	expect("main.main", `near.(*net.TCPConn).SetNoDelay(false)`)
	check(near.(*net.TCPConn).SetNoDelay(false))
	datagrams()
	raw()
	for _, use := range []func(net.Conn){deferred, deferredFunction, panics} {
		one, two := pair()
		use(one)
		deferredInLoop([]net.Conn{two})
	}
	expect("main.main", "near.Close()")
	check(near.Close())
	expect("main.main", "far.Close()")
	check(far.Close())
}
