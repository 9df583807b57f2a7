package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.ShardIndex;

/**
 * Downloads the files of a model from a repository into the cache of Hugging Face, as its own libraries would: contents into
 * {@code blobs/HASH}, links to them into {@code snapshots/COMMIT}, and at last the commit into {@code refs/main}, so that
 * others see a snapshot only when it is complete.
 *
 * <p>{@code ENDPOINT/REPOSITORY/resolve/REVISION/FILE} answers with {@code X-Repo-Commit}, {@code X-Linked-Size}, and a hash,
 * {@code X-Linked-Etag} (SHA-256) for a large file, {@code ETag} (git's SHA-1) for a small one. A file is kept only if it has
 * that hash.
 */
final class HuggingFaceDownload {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{40}");
    private static final int SHA256_DIGITS = 64;
    /** Looked for one after another; the first that is there is downloaded. */
    private static final List<String> WEIGHTS = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");

    private final HubClient client;
    private final URI endpoint;
    private final HuggingFaceCache cache;

    HuggingFaceDownload(HubClient client, URI endpoint, HuggingFaceCache cache) {
        this.client = client;
        this.endpoint = endpoint;
        this.cache = cache;
    }

    /** What the hub says of a file. */
    private record Listed(String name, URI address, String commit, String hash, long bytes) {}

    /** Downloads configuration and weights of the newest commit; those that are there already are not got again. */
    Path get(ModelSource.Repository repository, DownloadListener listener) {
        client.requireOnline(repository.id());
        Listed config = listed(repository, "main", "config.json");
        Path snapshot = cache.snapshot(repository, config.commit());
        download(repository, config, listener);
        downloadIfThere(repository, config.commit(), "preprocessor_config.json", listener);
        Path weights = downloadWeights(repository, config.commit(), listener);
        if (weights.toString().endsWith(".index.json")) {
            for (String shard : new TreeSet<>(ShardIndex.shards(weights))) {
                download(repository, listed(repository, config.commit(), shard), listener);
            }
        }
        AtomicFile.write(cache.folder(repository).resolve("refs").resolve("main"), config.commit());
        return snapshot;
    }

    private Path downloadWeights(ModelSource.Repository repository, String commit, DownloadListener listener) {
        for (String name : WEIGHTS) {
            if (downloadIfThere(repository, commit, name, listener)) {
                return cache.snapshot(repository, commit).resolve(name);
            }
        }
        throw new DownloadException(address(repository, commit, ""), "holds no weights: none of " + WEIGHTS, null);
    }

    private boolean downloadIfThere(
            ModelSource.Repository repository, String commit, String name, DownloadListener listener) {
        Listed file;
        try {
            file = listed(repository, commit, name);
        } catch (DownloadException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
        download(repository, file, listener);
        return true;
    }

    private URI address(ModelSource.Repository repository, String revision, String name) {
        return URI.create(endpoint + "/" + repository.id() + "/resolve/" + revision + "/" + name);
    }

    private Listed listed(ModelSource.Repository repository, String revision, String name) {
        URI address = address(repository, revision, name);
        HttpResponse<Void> answer = head(address);
        HttpHeaders headers = answer.headers();
        String commit = headers.firstValue("X-Repo-Commit").orElse("");
        String tag = headers.firstValue("X-Linked-Etag")
                .or(() -> headers.firstValue("ETag"))
                .orElse("");
        String hash = tag.replaceFirst("^W/", "").replace("\"", "");
        long bytes = headers.firstValueAsLong("X-Linked-Size")
                .orElseGet(() -> answer.statusCode() == 200
                        ? headers.firstValueAsLong("Content-Length").orElse(-1)
                        : -1);
        if (!HuggingFaceCache.isCommit(commit) || !HASH.matcher(hash).matches()) {
            throw new DownloadException(
                    address,
                    "the server did not say which commit and which hash it has: is it a hub of Hugging Face?",
                    null);
        }
        return new Listed(name, address(repository, commit, name), commit, hash, bytes);
    }

    private HttpResponse<Void> head(URI address) {
        for (int failed = 1; ; failed++) {
            try {
                return client.head(address);
            } catch (IOException e) {
                if (failed >= client.patience().attempts()) {
                    throw new DownloadException(address, "cannot be asked for: " + e.getMessage(), e);
                }
                client.pause(failed);
            }
        }
    }

    private void download(ModelSource.Repository repository, Listed file, DownloadListener listener) {
        Path blob = cache.folder(repository).resolve("blobs").resolve(file.hash());
        if (!Files.exists(blob)) {
            try (PartFile part = PartFile.of(blob)) {
                new ResumableDownload(client, file.address(), part, file.name(), listener).run(file.bytes(), true);
                requireHash(file, part);
                part.moveTo(blob);
            }
        }
        link(cache.snapshot(repository, file.commit()), file.name(), blob);
    }

    private static void requireHash(Listed file, PartFile part) {
        boolean large = file.hash().length() == SHA256_DIGITS;
        String hash = large ? Hashes.sha256(part.path()) : Hashes.gitBlob(part.path());
        if (!hash.equals(file.hash())) {
            part.delete();
            throw new DownloadException(
                    file.address(),
                    "came damaged: its " + (large ? "SHA-256" : "git hash") + " is " + hash + ", but should be "
                            + file.hash() + "; nothing is kept, try again",
                    null);
        }
    }

    /** A link to the blob, or a copy of it where there are no links. */
    private static void link(Path folder, String name, Path blob) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            try {
                Files.createSymbolicLink(file, folder.relativize(blob));
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (FileSystemException | UnsupportedOperationException e) {
                Files.copy(blob, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
