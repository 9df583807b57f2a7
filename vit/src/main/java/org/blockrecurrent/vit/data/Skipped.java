package org.blockrecurrent.vit.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.blockrecurrent.tensor.InvalidInputException;

/** The files of a folder that were left out, and why; or, where nothing may be left out, the end at the first. */
final class Skipped {
    private final boolean strict;
    private final Map<String, String> reasons = new ConcurrentSkipListMap<>();

    Skipped(boolean strict) {
        this.strict = strict;
    }

    /** Leaves a file out; the message of {@code why} names it. */
    void add(Path file, InvalidInputException why) {
        if (strict) {
            throw why;
        }
        reasons.put(file.toString(), String.valueOf(why.getMessage()));
    }

    /** Leaves a file out for a reason that a file may have before it is read. */
    void add(Path file, String why) {
        add(file, new InvalidInputException(file + ": " + why + "; mend or remove it"));
    }

    /** A line for each file, sorted by path. */
    List<String> lines() {
        return new ArrayList<>(reasons.values());
    }
}
