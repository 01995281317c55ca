import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * hello/hi chat, the server, in Java. The kernel's socket is made by bind, not by the constructor;
 * where the machine has IPv6 it is an AF_INET6 socket that speaks IPv4 too.
 */
public class Server {
    static String host = "127.0.0.1";
    static int port = 12345;
    static final PrintStream screen = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    static final BufferedReader keyboard =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    public static void main(String[] arguments) {
        readOptions(arguments);
        try {
            serve();
        } catch (IOException | IllegalArgumentException failure) {
            System.err.println("error: " + host + ":" + port + ": " + failure.getMessage());
            System.exit(1);
        }
    }

    static void serve() throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(host, port), 10); // socket, bind and listen
        screen.println("waiting for the client");

        Socket connection = listener.accept();
        String peer = connection.getInetAddress().getHostAddress() + ":" + connection.getPort();
        screen.println("the client " + peer + " has connected");

        answerMessages(connection);
        connection.close();
        listener.close();
    }

    static void answerMessages(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        OutputStream out = connection.getOutputStream();
        byte[] buffer = new byte[1024];
        while (true) {
            int n = in.read(buffer);
            if (n == -1) break; // the other side has closed
            screen.println("client: " + new String(buffer, 0, n, StandardCharsets.UTF_8));
            String answer = ask("server: ");
            if (answer == null) return;
            out.write(answer.getBytes(StandardCharsets.UTF_8));
        }
        screen.println("the client has disconnected");
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
            System.err.println("usage: java Server [--host ADDRESS] [--port NUMBER]");
            System.exit(2);
        }
    }
}
