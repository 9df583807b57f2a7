package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/**
 * Downloads one file into its {@link PartFile}. A connection that breaks is taken up where it broke, in this process or in
 * a later one; when the file is complete, whoever asked for it checks what it is.
 */
final class ResumableDownload {
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HubClient client;
    private final URI address;
    private final PartFile part;
    private final String name;
    private final DownloadListener listener;

    ResumableDownload(HubClient client, URI address, PartFile part, String name, DownloadListener listener) {
        this.client = client;
        this.address = address;
        this.part = part;
        this.name = name;
        this.listener = listener;
    }

    /**
     * Downloads what is missing.
     *
     * @param expected bytes that the file must have, or −1 if that is not known
     * @param fixed whether the address always gives the same bytes, or their hash is checked afterwards; else a part is
     *     continued only if the server says that the file is still the same
     */
    void run(long expected, boolean fixed) {
        int failed = 0;
        while (true) {
            long before = part.bytes();
            try {
                once(expected, fixed);
                return;
            } catch (IOException e) {
                part.requireWritten();
                failed = part.bytes() > before ? 1 : failed + 1;
                if (failed >= client.patience().attempts()) {
                    throw new DownloadException(
                            address,
                            "the connection broke after " + part.bytes() + " bytes; they are kept in " + part.path()
                                    + ", run it again to go on: " + e.getMessage(),
                            e);
                }
                client.pause(failed);
            }
        }
    }

    private void once(long expected, boolean fixed) throws IOException {
        if (expected >= 0) {
            part.requireRoom(expected - part.bytes());
        }
        PartBody body = new PartBody(part);
        HttpResponse<Void> answer =
                client.get(address, range(fixed), body, part::bytes, bytes -> report(body, expected));
        if (answer.statusCode() == RANGE_NOT_SATISFIABLE && part.bytes() > 0) {
            part.restart(null);
            throw new IOException("the part was longer than the file");
        }
        if (answer.statusCode() >= 500) {
            throw new IOException("the server answered " + answer.statusCode());
        }
        HubClient.requireFound(answer);
        requireComplete(body, expected);
        report(body, expected);
    }

    private Map<String, String> range(boolean fixed) {
        Map<String, String> headers = new HashMap<>();
        String tag = part.tag();
        if (part.bytes() > 0 && (fixed || tag != null)) {
            headers.put("Range", "bytes=" + part.bytes() + "-");
            if (!fixed) {
                headers.put("If-Range", tag);
            }
        }
        return headers;
    }

    private void requireComplete(PartBody body, long expected) throws IOException {
        String problem = body.problem();
        if (problem != null) {
            part.restart(null);
            throw new IOException(problem);
        }
        long total = body.total();
        if (total >= 0 && part.bytes() < total) {
            throw new IOException("it ended after " + part.bytes() + " of " + total + " bytes");
        }
        long wanted = expected >= 0 ? expected : total;
        if (wanted >= 0 && part.bytes() != wanted) {
            long bytes = part.bytes();
            part.delete();
            throw new DownloadException(
                    address, "the file has " + bytes + " bytes, but should have " + wanted + "; nothing is kept", null);
        }
    }

    private void report(PartBody body, long expected) {
        listener.progress(name, part.bytes(), expected >= 0 ? expected : body.total());
    }
}
