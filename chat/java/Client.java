import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * hello/hi chat, the client, in Java. The kernel's socket is made by connect, not by the
 * constructor; where the machine has IPv6 it is an AF_INET6 socket that speaks IPv4 too.
 */
public class Client {
    static String host = "127.0.0.1";
    static int port = 12345;
    static final PrintStream screen = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    static final BufferedReader keyboard =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    public static void main(String[] arguments) {
        readOptions(arguments);
        try {
            talk();
        } catch (IOException | IllegalArgumentException failure) {
            System.err.println("error: " + host + ":" + port + ": " + failure.getMessage());
            System.exit(1);
        }
    }

    static void talk() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port)); // socket and connect
        sendMessages(socket);
        socket.close();
    }

    static void sendMessages(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[1024];
        while (true) {
            String message = ask("input: ");
            if (message == null || message.equals("exit")) return;
            out.write(message.getBytes(StandardCharsets.UTF_8));
            int n = in.read(buffer);
            if (n == -1) break; // the other side has closed
            screen.println("server: " + new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
        screen.println("the server has disconnected");
    }

    /** The next line typed that is not empty; null at the end of the input (Ctrl-D). */
    static String ask(String prompt) throws IOException {
        String line;
        do {
            screen.print(prompt);
            screen.flush();
            line = keyboard.readLine();
            if (line == null) screen.println();
        } while (line != null && line.isEmpty());
        return line;
    }

    static void readOptions(String[] arguments) {
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                if (arguments[i].equals("--host")) host = arguments[i + 1];
                else if (arguments[i].equals("--port")) port = Integer.parseInt(arguments[i + 1]);
                else throw new IllegalArgumentException(arguments[i]);
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
            System.err.println("usage: java Client [--host ADDRESS] [--port NUMBER]");
            System.exit(2);
        }
    }
}
