package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.io.FormatException;

/**
 * The cache of Hugging Face's libraries.
 *
 * <pre>
 *   models--OWNER--NAME/refs/main               the commit that main was when it was downloaded
 *   models--OWNER--NAME/snapshots/COMMIT/FILE   a link to ../../blobs/HASH, or the file itself
 * </pre>
 */
final class HuggingFaceCache {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int LONGEST_REF = 100;

    private final Path folder;

    HuggingFaceCache(Path folder) {
        this.folder = folder;
    }

    /** Where everything of a repository is. */
    Path folder(ModelSource.Repository repository) {
        return folder.resolve(repository.folderName());
    }

    /** Where the files of a commit are. */
    Path snapshot(ModelSource.Repository repository, String commit) {
        return folder(repository).resolve("snapshots").resolve(commit);
    }

    /** The files of the newest commit of main that was downloaded. */
    Optional<Path> snapshot(ModelSource.Repository repository) {
        Path ref = folder(repository).resolve("refs").resolve("main");
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        String commit = read(ref);
        if (!isCommit(commit)) {
            throw new FormatException(ref, "holds no commit: delete it, and download the model again");
        }
        return Optional.of(snapshot(repository, commit)).filter(Files::isDirectory);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    private static String read(Path ref) {
        try {
            return Files.size(ref) > LONGEST_REF
                    ? ""
                    : Files.readString(ref, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw FormatException.unreadable(ref, e);
        }
    }
}
