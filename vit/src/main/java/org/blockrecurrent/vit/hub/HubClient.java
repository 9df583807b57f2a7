package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers, and follows where they send it: never from https to http, and the token goes to no other host than that of
 * the Hugging Face hub, where it may be seen by nobody else.
 */
final class HubClient {
    private static final int MOST_REDIRECTS = 5;
    private static final int LOOKS_PER_SECOND = 4;

    private final HubSettings settings;
    private final Patience patience;
    private final HttpClient client;

    HubClient(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.silence());
        ProxySelector proxy = ProxySelector.getDefault();
        client = (proxy == null ? builder : builder.proxy(proxy)).build();
    }

    Patience patience() {
        return patience;
    }

    /** What is called with the number of bytes so far, several times a second. */
    @FunctionalInterface
    interface Watcher {
        void look(long bytes);
    }

    /** Throws if the user has forbidden to use the network. */
    void requireOnline(Object wanted) {
        if (settings.offline()) {
            throw new DownloadException(wanted, "not downloaded: HF_HUB_OFFLINE forbids it; unset it", null);
        }
    }

    /**
     * The headers of a file. Redirects are followed only on the same host, where a repository has been renamed: what the hub
     * says of a file stands in its own answer, not in that of the server to which it sends.
     */
    HttpResponse<Void> head(URI address) throws IOException {
        URI at = address;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpRequest request = request(at, Map.of())
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<Void> response = send(request, BodyHandlers.discarding(), () -> 0, bytes -> {});
            URI next = location(at, response);
            if (next == null
                    || !sameHost(at, next)
                    || response.headers().firstValue("X-Linked-Etag").isPresent()) {
                return requireFound(response);
            }
            at = next;
        }
        throw new DownloadException(address, "redirects more than " + MOST_REDIRECTS + " times", null);
    }

    /**
     * Gets a file, wherever it is sent.
     *
     * @param received how many bytes the body handler has received, to notice silence
     */
    <T> HttpResponse<T> get(
            URI address, Map<String, String> headers, BodyHandler<T> handler, LongSupplier received, Watcher watcher)
            throws IOException {
        URI at = address;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<T> response = send(request(at, headers).GET().build(), handler, received, watcher);
            URI next = location(at, response);
            if (next == null) {
                return response;
            }
            at = next;
        }
        throw new DownloadException(address, "redirects more than " + MOST_REDIRECTS + " times", null);
    }

    private HttpRequest.Builder request(URI address, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("User-Agent", "raptor-for-java");
        headers.forEach(request::header);
        if (settings.token() != null && isTrusted(address)) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return request;
    }

    private boolean isTrusted(URI address) {
        boolean secret = "https".equals(address.getScheme())
                || "localhost".equals(address.getHost())
                || "127.0.0.1".equals(address.getHost());
        return secret && sameHost(settings.endpoint(), address);
    }

    private static boolean sameHost(URI a, URI b) {
        return a.getHost().equalsIgnoreCase(b.getHost())
                && a.getPort() == b.getPort()
                && a.getScheme().equalsIgnoreCase(b.getScheme());
    }

    /** Where the answer sends to, or null if it does not. */
    private static @Nullable URI location(URI address, HttpResponse<?> response) {
        if (response.statusCode() / 100 != 3 || response.statusCode() == 304) {
            return null;
        }
        String location = response.headers().firstValue("Location").orElse("");
        URI next;
        try {
            next = address.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DownloadException(address, "redirects to what is no address", e);
        }
        boolean known = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
        boolean lessSafe = "https".equals(address.getScheme()) && !"https".equals(next.getScheme());
        if (location.isEmpty() || !known || lessSafe || next.getHost() == null) {
            throw new DownloadException(address, "redirects to an address that is not followed", null);
        }
        return next;
    }

    /** Throws for an answer that means that there is no file to be had. */
    static <T> HttpResponse<T> requireFound(HttpResponse<T> response) {
        int status = response.statusCode();
        if (status < 400) {
            return response;
        }
        String problem = switch (status) {
            case 401, 403 ->
                "access denied (" + status + "): the repository does not exist or needs permission; accept its"
                        + " terms on the web and set HF_TOKEN";
            case 404 -> "no such file (404): check the name";
            case 429 -> "too many requests (429): wait a while";
            default -> "the server answered " + status + ": try again later";
        };
        throw new DownloadException(response.uri(), status, problem);
    }

    private <T> HttpResponse<T> send(
            HttpRequest request, BodyHandler<T> handler, LongSupplier received, Watcher watcher) throws IOException {
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        try {
            return await(answer, received, watcher);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DownloadException(request.uri(), "interrupted; what is there is kept, run it again to go on", e);
        } catch (ExecutionException e) {
            throw failure(request.uri(), e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private <T> T await(CompletableFuture<T> answer, LongSupplier received, Watcher watcher)
            throws IOException, InterruptedException, ExecutionException {
        long lastBytes = received.getAsLong();
        long lastTime = System.nanoTime();
        while (true) {
            try {
                return answer.get(1000 / LOOKS_PER_SECOND, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long bytes = received.getAsLong();
                watcher.look(bytes);
                if (bytes != lastBytes) {
                    lastBytes = bytes;
                    lastTime = System.nanoTime();
                } else if (System.nanoTime() - lastTime > patience.silence().toNanos()) {
                    throw new IOException(
                            "no byte came for " + patience.silence().toSeconds() + " seconds", e);
                }
            }
        }
    }

    private static IOException failure(URI address, @Nullable Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
            throw new DownloadException(
                    address,
                    "cannot reach " + address.getHost() + ": is there a network, or a proxy to be set?",
                    cause);
        }
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException bug) {
            throw bug;
        }
        return new IOException(cause);
    }

    /** Waits before the next attempt of so many that have failed. */
    void pause(int failed) {
        Duration pause = patience.pause().multipliedBy(1L << Math.min(failed, 10) - 1);
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DownloadException("the download", "interrupted", e);
        }
    }
}
