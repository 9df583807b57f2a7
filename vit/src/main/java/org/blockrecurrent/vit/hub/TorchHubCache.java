package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.FormatException;

/**
 * The folder into which torch.hub downloads. A name such as {@code deit_base_patch16_224-b5f2ef4d.pth} says how the SHA-256
 * of the file begins. Of the others no hash is published: what a file was when it was first used here is written to {@code
 * raptor.sha256} beside it, in the form of {@code sha256sum}, and compared from then on.
 */
final class TorchHubCache {
    private static final String LOCK = "raptor.sha256";
    private static final Pattern LOCK_LINE = Pattern.compile("([0-9a-f]{64})  (\\S.*)");
    private static final Pattern HASH_IN_NAME = Pattern.compile(".*-([0-9a-f]{8,64})\\.[^.]*");

    private final Path folder;

    TorchHubCache(Path folder) {
        this.folder = folder;
    }

    /** Where a file is, or would be. */
    Path path(ModelSource.HubFile file) {
        return folder.resolve(file.fileName());
    }

    /** The file, if it is there; throws an {@link InvalidInputException} if it is not the one that it was. */
    Optional<Path> find(ModelSource.HubFile file) {
        Path path = path(file);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        requireSame(path, path);
        return Optional.of(path);
    }

    /** Throws unless the contents of {@code downloaded} may become the file {@code path}. */
    void requireSame(Path path, Path downloaded) {
        String name = path.getFileName().toString();
        String hash = Hashes.sha256(downloaded);
        Matcher inName = HASH_IN_NAME.matcher(name);
        String expected = inName.matches() ? inName.group(1) : recorded().get(name);
        if (expected == null) {
            record(name, hash);
        } else if (!hash.startsWith(expected)) {
            throw new InvalidInputException(path + ": is not the file that it should be: its SHA-256 is " + hash
                    + ", expected " + expected + (inName.matches() ? "…" : " by " + folder.resolve(LOCK))
                    + "; delete it and download it again, or delete that line if you trust the file");
        }
    }

    private Map<String, String> recorded() {
        Path lock = folder.resolve(LOCK);
        Map<String, String> hashes = new TreeMap<>();
        if (!Files.exists(lock)) {
            return hashes;
        }
        try {
            for (String line : Files.readAllLines(lock)) {
                Matcher matcher = LOCK_LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new FormatException(
                            lock, "has a line that sha256sum would not write; delete the file to begin anew");
                }
                hashes.put(matcher.group(2), matcher.group(1));
            }
            return hashes;
        } catch (IOException e) {
            throw FormatException.unreadable(lock, e);
        }
    }

    /** A cache that may not be written, one shared by many users, has no lock file. */
    private void record(String name, String hash) {
        if (!Files.isWritable(folder)) {
            return;
        }
        Map<String, String> hashes = recorded();
        hashes.put(name, hash);
        StringBuilder text = new StringBuilder();
        hashes.forEach(
                (file, sha256) -> text.append(sha256).append("  ").append(file).append('\n'));
        AtomicFile.write(folder.resolve(LOCK), text.toString());
    }
}
