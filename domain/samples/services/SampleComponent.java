import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The hosted sample component in Java, of the standard library alone; component.jar is its compiled form. */
public final class SampleComponent {
    private static final AtomicLong CALLS = new AtomicLong();

    private SampleComponent() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv("PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(System.getenv("HOST"), port), 0);
        server.createContext("/health", exchange -> answer(exchange, "application/json",
                "{\"status\":\"UP\",\"dependencies\":{\"database\":{\"status\":\"UP\"}}}"));
        server.createContext("/metrics", exchange -> answer(exchange, "text/plain; version=0.0.4",
                "# TYPE sample_calls_total counter\nsample_calls_total " + CALLS.get() + "\n"));
        server.start();
        say("started");
    }

    private static void answer(HttpExchange exchange, String type, String text) throws IOException {
        CALLS.incrementAndGet();
        say("request");
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private static void say(String message) {
        System.out.println("{\"time\":\"" + Instant.now() + "\",\"level\":\"info\",\"message\":\"" + message + "\"}");
    }
}
