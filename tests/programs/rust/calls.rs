// Socket calls in the shapes in which Rust programs write them. Each states where it is: before a
// call it writes the line, the function around it, the C library's function and the text of the
// call to the pipe that its argument names ("*" and "": not stated). What is stated holds for all
// kernel calls until the next statement.
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::FromRawFd;
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

static PIPE: OnceLock<File> = OnceLock::new();

fn state(kind: &str, line: u32, function: &str, libc: &str, text: &str) {
    let message = format!("{kind}\x1f{line}\x1f{function}\x1f{libc}\x1f{text}\x1e");
    PIPE.get().unwrap().write_all(message.as_bytes()).unwrap();
}

// The call is on the next line.
macro_rules! expect {
    ($function:expr, $libc:expr, $text:expr) => {
        state("many", line!() + 1, $function, $libc, $text)
    };
}

struct Client {
    stream: TcpStream,
}

impl Client {
    fn say(&mut self, text: &str) -> io::Result<()> {
        expect!("calls::Client::say", "send", "self.stream.write_all(text.as_bytes())");
        self.stream.write_all(text.as_bytes())?;
        Ok(())
    }

    #[inline(always)]
    fn say_inline(&mut self, text: &str) -> io::Result<usize> {
        expect!("calls::Client::say_inline", "send", "self.stream.write(text.as_bytes())");
        let size = self.stream.write(text.as_bytes())?;
        Ok(size)
    }
}

trait Hears {
    fn hear(&mut self, size: usize) -> io::Result<Vec<u8>>;
}

impl<R: Read> Hears for R {
    fn hear(&mut self, size: usize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; size];
        // Compilers name the functions of such blocks in their own ways.
        expect!("", "recv", "self.read_exact(&mut buffer)");
        self.read_exact(&mut buffer)?;
        Ok(buffer)
    }
}

fn pair() -> io::Result<(TcpStream, TcpStream)> {
    state("many", line!() + 1, "calls::pair", "*", "TcpListener::bind((\"127.0.0.1\", 0))");
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    expect!("calls::pair", "getsockname", "listener.local_addr()");
    let address = listener.local_addr()?;
    state("many", line!() + 1, "calls::pair", "*", "TcpStream::connect(address)");
    let near = TcpStream::connect(address)?;
    expect!("calls::pair", "accept4", "listener.accept()");
    let (far, _) = listener.accept()?;
    expect!("calls::pair", "close", "drop(listener)");
    drop(listener);
    Ok((near, far))
}

fn scope() -> io::Result<()> {
    expect!("calls::scope", "socketpair", "UnixStream::pair()");
    let _both = UnixStream::pair()?;
    state("leaving", line!() + 3, "calls::scope", "close", "");
    state("leaving", line!() + 2, "calls::scope", "close", "");
    Ok(())
}

fn datagrams() -> io::Result<()> {
    state("many", line!() + 1, "calls::datagrams", "*", "UdpSocket::bind(\"127.0.0.1:0\")");
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    state("many", line!() + 1, "calls::datagrams", "*", "");
    socket.send_to(b"self", socket.local_addr()?)?;
    let mut buffer = [0; 8];
    expect!("calls::datagrams", "recvfrom", "socket.recv_from(&mut buffer)");
    let (size, _) = socket.recv_from(&mut buffer)?;
    assert_eq!(size, 4);
    expect!("calls::datagrams", "close", "drop(socket)");
    drop(socket);
    Ok(())
}

fn main() -> io::Result<()> {
    let number = std::env::args().last().unwrap().parse().unwrap();
    PIPE.get_or_init(|| unsafe { File::from_raw_fd(number) });
    let (near, mut far) = pair()?;
    let mut client = Client { stream: near };
    client.say("hello")?;
    assert_eq!(far.hear(5)?, b"hello");
    client.say_inline("inline")?;
    assert_eq!(far.hear(6)?, b"inline");

    let mut other = client.stream.try_clone()?;
    let thread = std::thread::spawn(move || {
        expect!("calls::main::{closure#1}", "send", "other.write_all(b\"thread\\n\")");
        other.write_all(b"thread\n").unwrap();
        expect!("calls::main::{closure#1}", "close", "drop(other)");
        drop(other);
    });
    thread.join().unwrap();
    let mut line = String::new();
    let mut reader = BufReader::new(&far);
    expect!("calls::main", "recv", "reader.read_line(&mut line)");
    reader.read_line(&mut line)?;
    assert_eq!(line, "thread\n");

    let mut writer = BufWriter::new(&client.stream);
    writeln!(writer, "buffered")?;
    expect!("calls::main", "send", "writer.flush()");
    writer.flush()?;
    drop(writer);
    expect!("calls::main", "send", "");
    writeln!(&client.stream, "{}", "formatted")?;
    expect!("calls::main", "setsockopt", "client.stream.set_nodelay(true)");
    client.stream.set_nodelay(true)?;
    state("many", line!() + 1, "calls::main", "send", "client\n        .stream\n        .write_all(b\"lines\")");
    client
        .stream
        .write_all(b"lines")?;
    scope()?;
    datagrams()?;
    expect!("calls::main", "shutdown", "client.stream.shutdown(std::net::Shutdown::Both)");
    client.stream.shutdown(std::net::Shutdown::Both)?;
    state("many", line!() + 1, "calls::main", "close", "drop(far)");
    drop(far);
    expect!("calls::main", "close", "drop(client)");
    drop(client);
    Ok(())
}
