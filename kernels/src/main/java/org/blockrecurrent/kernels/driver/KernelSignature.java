package org.blockrecurrent.kernels.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a kernel, as its PTX declares them. The driver takes whatever it is given; comparing first turns a
 * forgotten or swapped argument into an exception.
 *
 * @param types of the parameters in order: {@code u64}, {@code u32}, {@code f32} …; an array of 8 bytes counts as {@code b64}
 */
record KernelSignature(String function, List<String> types) {
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)\\s*\\(([^)]*)\\)");
    private static final Pattern PARAMETER =
            Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.(\\w+)[^,]*?(?:\\[(\\d+)])?\\s*(?:,|$)");

    /** The signatures of all kernels of a PTX file, by name. */
    static Map<String, KernelSignature> of(String ptx) {
        Map<String, KernelSignature> signatures = new HashMap<>();
        Matcher entry = ENTRY.matcher(ptx);
        while (entry.find()) {
            List<String> types = new ArrayList<>();
            Matcher parameter = PARAMETER.matcher(entry.group(2));
            while (parameter.find()) {
                String bytes = parameter.group(2);
                types.add(bytes == null ? parameter.group(1) : "b" + 8 * Integer.parseInt(bytes));
            }
            signatures.put(entry.group(1), new KernelSignature(entry.group(1), List.copyOf(types)));
        }
        return signatures;
    }

    /** Throws unless the argument at this index is a float, or not, and has that many bits. */
    void require(int index, boolean isFloat, int bits) {
        String type = index < types.size() ? types.get(index) : "nothing";
        boolean fits = type.equals("b" + bits)
                || (isFloat ? type.equals("f" + bits) : type.equals("u" + bits) || type.equals("s" + bits));
        if (!fits) {
            throw new IllegalArgumentException(function + ": its PTX has " + type + " as argument " + (index + 1)
                    + ", given is " + (isFloat ? "a float" : "an integer or address") + " of " + bits + " bits");
        }
    }

    void requireCount(int given) {
        if (given != types.size()) {
            throw new IllegalStateException(function + " takes " + types.size() + " arguments, given are " + given);
        }
    }
}
