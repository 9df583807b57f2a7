package org.blockrecurrent.tensor.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a file is, told by its first bytes and not by its name; and of what is often taken for weights, why it is none. */
public enum FileKind {
    SAFETENSORS,
    ZIP,
    /** What torch.save wrote before version 1.6, and still does if asked. */
    LEGACY_TORCH,
    NPY,
    JSON,
    EMPTY("is empty: the download has failed; get it again"),
    WEB_PAGE("is a web page: the download was answered by an error or a login page; get it again"),
    LFS_POINTER("is a pointer of Git LFS, not the file itself: run 'git lfs pull', or download the file"),
    BARE_PICKLE("is a pickle that torch.save did not write: save the state_dict by torch.save"),
    HDF5("is an HDF5 file, as Keras writes: convert it to safetensors"),
    GGUF("is a GGUF file: get the safetensors file that it was made from"),
    GZIP("is packed by gzip: unpack it first"),
    UNKNOWN("is none of the files that hold weights here: safetensors, PyTorch's .pth, .pt and .bin, and .npz");

    /** The bytes with which torch.save's old form begins: a pickle of protocol 2 of the number 0x1950a86a20f9469cfc6c. */
    private static final String LEGACY_MAGIC = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019";

    private static final int LOOKED_AT = 512;
    private static final long LONGEST_HEADER = 100_000_000;

    private final @Nullable String problem;

    FileKind() {
        problem = null;
    }

    FileKind(String problem) {
        this.problem = problem;
    }

    /** Why such a file cannot be read, and what to do; null if it may be. */
    public @Nullable String problem() {
        return problem;
    }

    /** Looks at the first bytes. */
    public static FileKind of(PositionedFile file) {
        ByteBuffer head = file.read(0, ByteBuffer.allocate((int) Math.min(LOOKED_AT, file.bytes())));
        String bytes = StandardCharsets.ISO_8859_1.decode(head).toString();
        if (bytes.isEmpty()) {
            return EMPTY;
        }
        FileKind kind = ofMagic(bytes);
        if (kind != UNKNOWN) {
            return kind;
        }
        if (isSafetensors(bytes)) {
            return SAFETENSORS;
        }
        String text = bytes.stripLeading().toLowerCase(Locale.ROOT);
        return text.startsWith("<") ? WEB_PAGE : text.startsWith("{") ? JSON : UNKNOWN;
    }

    private static FileKind ofMagic(String bytes) {
        if (bytes.startsWith("PK\u0003\u0004")) {
            return ZIP;
        }
        if (bytes.startsWith("\u0080")) {
            return bytes.startsWith(LEGACY_MAGIC) ? LEGACY_TORCH : BARE_PICKLE;
        }
        if (bytes.startsWith("\u0093NUMPY")) {
            return NPY;
        }
        if (bytes.startsWith("version https://git-lfs")) {
            return LFS_POINTER;
        }
        if (bytes.startsWith("\u0089HDF")) {
            return HDF5;
        }
        return bytes.startsWith("GGUF") ? GGUF : bytes.startsWith("\u001f\u008b") ? GZIP : UNKNOWN;
    }

    /** Eight bytes of length, then the brace of the header or spaces before it. */
    private static boolean isSafetensors(String bytes) {
        if (bytes.length() <= Long.BYTES) {
            return false;
        }
        long length = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            length = length << Byte.SIZE | bytes.charAt(i);
        }
        char first = bytes.charAt(Long.BYTES);
        return length > 0 && length <= LONGEST_HEADER && (first == '{' || first == ' ');
    }
}
