package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of an answer to a {@link PartFile}: the rest behind what is there if the server sends just that (206), the
 * whole in its place if it sends the whole (200), and nothing for any other answer.
 */
final class PartBody implements BodyHandler<Void> {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    private final PartFile part;
    private volatile long total = -1;
    private volatile @Nullable String problem;

    PartBody(PartFile part) {
        this.part = part;
    }

    /** Bytes that the file will have, or −1 if the server has not said. */
    long total() {
        return total;
    }

    /** What is wrong with the answer, or null. */
    @Nullable
    String problem() {
        return problem;
    }

    @Override
    public BodySubscriber<Void> apply(ResponseInfo answer) {
        if (answer.statusCode() == OK) {
            part.restart(answer.headers()
                    .firstValue("ETag")
                    .filter(tag -> !tag.startsWith("W/")) // a weak tag does not promise the same bytes
                    .orElse(null));
            total = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
            return new Writer();
        }
        if (answer.statusCode() == PARTIAL
                && continues(answer.headers().firstValue("Content-Range").orElse(""))) {
            return new Writer();
        }
        return BodySubscribers.discarding();
    }

    private boolean continues(String range) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) != part.bytes()) {
            problem = "the server sent another part than it was asked for";
            return false;
        }
        total = matcher.group(2).equals("*") ? -1 : Long.parseLong(matcher.group(2));
        return true;
    }

    private final class Writer implements BodySubscriber<Void> {
        private final CompletableFuture<Void> written = new CompletableFuture<>();
        private @Nullable Subscription subscription;

        @Override
        public CompletionStage<Void> getBody() {
            return written;
        }

        @Override
        public void onSubscribe(Subscription newSubscription) {
            subscription = newSubscription;
            subscription.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            Subscription from = subscription;
            try {
                part.append(buffers);
                if (from != null) {
                    from.request(1);
                }
            } catch (IOException e) {
                if (from != null) {
                    from.cancel();
                }
                written.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable e) {
            written.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            written.complete(null);
        }
    }
}
