package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.blockrecurrent.tensor.io.FormatException;

/** Hashes of whole files, in lower-case hexadecimal digits. */
final class Hashes {
    private static final int BUFFER_BYTES = 1 << 18;

    private Hashes() {}

    /** SHA-256, 64 digits: of large files on the Hugging Face hub. */
    static String sha256(Path file) {
        return of(file, digest("SHA-256"));
    }

    /** SHA-1 of {@code blob SIZE\0} and the contents, 40 digits: git's name for a file, of small ones on the hub. */
    static String gitBlob(Path file) {
        try {
            MessageDigest digest = digest("SHA-1");
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            return of(file, digest);
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    private static String of(Path file, MessageDigest digest) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
