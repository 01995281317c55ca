// A server and its client in one thread.
import java.net.ServerSocket;
import java.net.Socket;

class Calls {
    public static void main(String[] arguments) throws Exception {
        try (ServerSocket server = new ServerSocket(0);
             Socket client = new Socket("127.0.0.1", server.getLocalPort());
             Socket peer = server.accept()) {
            client.getOutputStream().write("hello".getBytes());
            peer.getInputStream().read();
        }
    }
}
