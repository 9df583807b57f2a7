package org.blockrecurrent.vit.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * A small web server on the loopback address that speaks as the Hugging Face hub does: large files are announced with their
 * hash and sent from another host. It can be told to misbehave.
 */
final class LocalHub implements AutoCloseable {
    static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

    /** A file as it is announced and as it is sent. */
    record Served(byte[] bytes, Map<String, String> headers, boolean redirected) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Served> files = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile int cutsLeft;
    private volatile boolean ignoresRanges;
    private volatile boolean silent;
    private volatile int status;

    LocalHub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** As {@code localhost}; the same server as 127.0.0.1 counts as another host. */
    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    URI address(String path) {
        return URI.create(address() + path);
    }

    /** A file of a repository: announced with the headers of the hub, which may be changed. */
    void serve(
            String repository,
            String name,
            byte[] bytes,
            boolean large,
            String hash,
            UnaryOperator<Map<String, String>> change) {
        Map<String, String> headers = new HashMap<>();
        headers.put("X-Repo-Commit", COMMIT);
        if (large) {
            headers.put("X-Linked-Etag", '"' + hash + '"');
            headers.put("X-Linked-Size", Integer.toString(bytes.length));
        } else {
            headers.put("ETag", '"' + hash + '"');
        }
        Served served = new Served(bytes, change.apply(headers), large);
        files.put("/" + repository + "/resolve/main/" + name, served);
        files.put("/" + repository + "/resolve/" + COMMIT + "/" + name, served);
    }

    /** A file at a path, with an entity tag. */
    void serve(String path, byte[] bytes, String tag) {
        files.put(path, new Served(bytes, Map.of("ETag", tag), false));
    }

    /** Breaks the connection in the middle of the next so many answers of more than a hundred bytes. */
    void cut(int times) {
        cutsLeft = times;
    }

    void ignoreRanges() {
        ignoresRanges = true;
    }

    /** Stops in the middle of a file, and keeps the connection. */
    void fallSilent() {
        silent = true;
    }

    /** Answers everything by that status; 0 for what is right. */
    void answerBy(int newStatus) {
        status = newStatus;
    }

    /** Method, host, path, range and authorization of every request, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String host = exchange.getRequestHeaders().getFirst("Host").replaceFirst(":.*", "");
        requests.add(exchange.getRequestMethod() + " " + host + " " + path + " "
                + exchange.getRequestHeaders().getFirst("Range") + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        Served file = files.get(path.replaceFirst("^/cdn", ""));
        try (exchange) {
            if (file == null || status != 0) {
                exchange.sendResponseHeaders(status == 0 ? 404 : status, -1);
            } else if (file.redirected() && !path.startsWith("/cdn")) {
                file.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/cdn" + path);
                exchange.sendResponseHeaders(302, -1);
            } else {
                send(exchange, file);
            }
        }
    }

    private void send(HttpExchange exchange, Served file) throws IOException {
        file.headers().forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(file.bytes().length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        int from = start(exchange, file);
        if (from > file.bytes().length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        byte[] rest = Arrays.copyOfRange(file.bytes(), from, file.bytes().length);
        if (from > 0) {
            String range = "bytes " + from + "-" + (file.bytes().length - 1) + "/" + file.bytes().length;
            exchange.getResponseHeaders().set("Content-Range", range);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
        write(exchange.getResponseBody(), rest);
    }

    private int start(HttpExchange exchange, Served file) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        boolean same = ifRange == null || ifRange.equals(file.headers().get("ETag"));
        return range == null || ignoresRanges || !same ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    }

    private void write(OutputStream out, byte[] bytes) throws IOException {
        if (cutsLeft == 0 && !silent || bytes.length <= 100) {
            out.write(bytes);
            return;
        }
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        if (silent) {
            sleep();
        }
        cutsLeft--;
        throw new IOException("cut on purpose");
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
