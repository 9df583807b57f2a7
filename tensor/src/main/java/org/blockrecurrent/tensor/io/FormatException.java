package org.blockrecurrent.tensor.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.blockrecurrent.tensor.InvalidInputException;

/** A file does not hold what its format demands. The message names the file, what is wrong, and where in it. */
public class FormatException extends InvalidInputException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SHOWN = 80;

    /** {@code where} names the file, or whatever else the text came from. */
    public FormatException(Object where, String problem) {
        super(where + ": " + problem);
    }

    public FormatException(Object where, String problem, Throwable cause) {
        super(where + ": " + problem, cause);
    }

    /** A file that could not be read at all: missing, forbidden, a device error. */
    public static InvalidInputException unreadable(Path file, IOException cause) {
        return new InvalidInputException(file + ": cannot be read: " + reason(cause), cause);
    }

    /** A file that could not be written. */
    public static InvalidInputException unwritable(Path file, IOException cause) {
        return new InvalidInputException(file + ": cannot be written: " + reason(cause), cause);
    }

    /** A name from a file as it may stand in a message: quoted, control characters escaped, shortened. */
    public static String shown(String name) {
        StringBuilder text = new StringBuilder("'");
        int end = Math.min(name.length(), LONGEST_SHOWN);
        for (int i = 0; i < end; i++) {
            char c = name.charAt(i);
            boolean printable = c >= ' '
                    && c != 0x7F
                    && !Character.isISOControl(c)
                    && Character.getType(c) != Character.FORMAT
                    && !Character.isSurrogate(c);
            text.append(printable ? Character.toString(c) : String.format("\\u%04x", (int) c));
        }
        if (end < name.length()) {
            text.append("…' (").append(name.length()).append(" characters)");
            return text.toString();
        }
        return text.append('\'').toString();
    }

    private static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "no such file";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
