package org.blockrecurrent.tensor.io.numpy;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.io.Dtype;
import org.blockrecurrent.tensor.io.FormatException;
import org.jspecify.annotations.Nullable;

/** Parses the dict in a header: three keys, each once; it is Python, but nothing is evaluated. */
final class NpyHeaderParser {
    private static final Pattern TYPE = Pattern.compile("([<>|=])([a-zA-Z])([0-9]{1,3})");
    private static final int MOST_AXES = 64;
    private static final int LONGEST_NUMBER = 18;

    private final Object where;
    private final String text;
    private int at;
    private @Nullable String type;
    private @Nullable Boolean fortranOrder;
    private long @Nullable [] dims;

    NpyHeaderParser(Object where, String text) {
        this.where = where;
        this.text = text;
    }

    NpyHeader parse(int dataAt) {
        expect('{');
        while (!peek('}')) {
            entry();
            if (!peek('}')) {
                expect(',');
            }
        }
        expect('}');
        if (!text.substring(at).isBlank()) {
            throw invalid("text after the closing brace");
        }
        if (type == null || fortranOrder == null || dims == null) {
            throw invalid((type == null ? "descr" : dims == null ? "shape" : "fortran_order") + " is missing");
        }
        Matcher known = TYPE.matcher(type);
        Dtype dtype = known.matches() ? dtype(known.group(2) + known.group(3)) : null;
        if (dtype == null) {
            throw new FormatException(where, "has unsupported dtype " + FormatException.shown(type));
        }
        ByteOrder order = known.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(dtype, order, fortranOrder, dims, dataAt);
    }

    private static @Nullable Dtype dtype(String type) {
        return switch (type) {
            case "b1" -> Dtype.BOOL;
            case "u1" -> Dtype.U8;
            case "i1" -> Dtype.I8;
            case "u2" -> Dtype.U16;
            case "i2" -> Dtype.I16;
            case "u4" -> Dtype.U32;
            case "i4" -> Dtype.I32;
            case "u8" -> Dtype.U64;
            case "i8" -> Dtype.I64;
            case "f2" -> Dtype.F16;
            case "f4" -> Dtype.F32;
            case "f8" -> Dtype.F64;
            default -> null;
        };
    }

    private void entry() {
        String key = quoted();
        expect(':');
        boolean first;
        switch (key) {
            case "descr" -> {
                first = type == null;
                type = typeText();
            }
            case "fortran_order" -> {
                first = fortranOrder == null;
                fortranOrder = flag();
            }
            case "shape" -> {
                first = dims == null;
                dims = extents();
            }
            default -> throw invalid("unknown key " + FormatException.shown(key));
        }
        if (!first) {
            throw invalid("duplicate key " + key);
        }
    }

    /** A list stands for a type with fields. */
    private String typeText() {
        if (peek('[')) {
            throw new FormatException(where, "has an unsupported dtype, one with fields");
        }
        return quoted();
    }

    private boolean flag() {
        skipSpaces();
        boolean isTrue = text.startsWith("True", at);
        if (!isTrue && !text.startsWith("False", at)) {
            throw invalid("fortran_order is neither True nor False");
        }
        at += isTrue ? 4 : 5;
        return isTrue;
    }

    private long[] extents() {
        List<Long> extents = new ArrayList<>();
        expect('(');
        while (!peek(')')) {
            extents.add(extent());
            if (!peek(')')) {
                expect(',');
            }
        }
        expect(')');
        if (extents.size() > MOST_AXES) {
            throw invalid(extents.size() + " extents; numpy has at most " + MOST_AXES);
        }
        return extents.stream().mapToLong(Long::longValue).toArray();
    }

    private long extent() {
        skipSpaces();
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == begin || at - begin > LONGEST_NUMBER) {
            throw invalid("an extent that is no whole number of up to " + LONGEST_NUMBER + " digits");
        }
        return Long.parseLong(text, begin, at, 10);
    }

    private String quoted() {
        expect('\'');
        int end = text.indexOf('\'', at);
        if (end < 0) {
            throw invalid("a text without end");
        }
        String quoted = text.substring(at, end);
        at = end + 1;
        return quoted;
    }

    private boolean peek(char c) {
        skipSpaces();
        return at < text.length() && text.charAt(at) == c;
    }

    private void expect(char c) {
        if (!peek(c)) {
            throw invalid("expected " + c);
        }
        at++;
    }

    private void skipSpaces() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
            at++;
        }
    }

    private FormatException invalid(String problem) {
        return new FormatException(where, "its header is invalid at character " + at + ": " + problem);
    }
}
