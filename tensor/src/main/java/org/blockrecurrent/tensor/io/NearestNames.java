package org.blockrecurrent.tensor.io;

import java.util.Collection;

/** Finds what a misspelt name may have meant. */
public final class NearestNames {
    private static final int LONGEST_COMPARED = 200;

    private NearestNames() {}

    /** {@code "; did you mean 'x'?"}, or nothing if no candidate is near. */
    public static String hint(String name, Collection<String> candidates) {
        String nearest = nearest(name, candidates);
        return nearest == null ? "" : "; did you mean " + FormatException.shown(nearest) + "?";
    }

    /** The candidate of the least edit distance, if that is at most a third of the name's length; else null. */
    static String nearest(String name, Collection<String> candidates) {
        String nearest = null;
        int least = name.length() / 3 + 1;
        for (String candidate : candidates) {
            boolean comparable =
                    Math.abs(candidate.length() - name.length()) < least && name.length() <= LONGEST_COMPARED;
            int distance = comparable ? distance(name, candidate) : least;
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance: insertions, deletions and replacements that turn {@code a} into {@code b}. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            int[] spare = previous;
            previous = row;
            row = spare;
        }
        return previous[b.length()];
    }
}
