package org.blockrecurrent.vit.published;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a library calls the tensors of a model, one a line: our name, the library's, and others that it has had for the same.
 *
 * <pre>
 *   blocks.#.attn.qkv.*   encoder.layer.#.attention.attention.{query|key|value}.*   encoder.layer.#.attention.{q_proj|…}.*
 *   head.weight           proj                                                      transposed
 * </pre>
 *
 * {@code #} is the number of a layer, {@code *} is weight or bias, {@code =} our own name. Names in braces are parts, one
 * above the other in our tensor; {@code kv:2} is a part twice as high as the others. {@code flat}: the library leaves out
 * leading axes of 1. {@code transposed}: it has the axes the other way round. Files are read by any of the names, and
 * written by the first.
 */
final class NameTable {
    private final List<Row> rows = new ArrayList<>();

    /** How the library's tensor lies beside ours. */
    enum Shaping {
        SAME,
        FLAT,
        TRANSPOSED
    }

    /**
     * A name of ours, and the library's.
     *
     * @param label the library's name for people, its parts in braces
     * @param theirs the library's tensors, from top to bottom of ours
     * @param shares how high each is, in equal parts
     */
    record Binding(String ours, String label, List<String> theirs, List<Integer> shares, Shaping shaping) {}

    private record Row(NamePattern ours, List<NamePattern> theirs, Shaping shaping) {}

    private NameTable() {}

    /** Reads a table from its text. */
    static NameTable parse(String... texts) {
        NameTable table = new NameTable();
        for (String text : texts) {
            text.lines().filter(line -> !line.isBlank()).forEach(table::add);
        }
        return table;
    }

    private void add(String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.strip().split("\\s+")));
        Shaping shaping = Shaping.SAME;
        for (Shaping other : List.of(Shaping.FLAT, Shaping.TRANSPOSED)) {
            if (words.remove(other.name().toLowerCase(Locale.ROOT))) {
                shaping = other;
            }
        }
        NamePattern ours = new NamePattern(words.get(0));
        List<NamePattern> theirs = words.stream()
                .skip(1)
                .map(word -> word.equals("=") ? ours : new NamePattern(word))
                .toList();
        rows.add(new Row(ours, theirs, shaping));
    }

    /** The binding that a name of the library belongs to, or null if the table does not have it. */
    @Nullable
    Binding ofTheirs(String name) {
        for (Row row : rows) {
            for (NamePattern pattern : row.theirs) {
                Matcher found = pattern.matcher(name);
                if (found.matches()) {
                    return binding(row, pattern, group(found, "layer"), group(found, "leaf"));
                }
            }
        }
        return null;
    }

    /** The binding under the library's present names of a name of ours, or null if the library has no such tensor. */
    @Nullable
    Binding ofOurs(String name) {
        for (Row row : rows) {
            Matcher found = row.ours.matcher(name);
            if (found.matches()) {
                return binding(row, row.theirs.get(0), group(found, "layer"), group(found, "leaf"));
            }
        }
        return null;
    }

    private static Binding binding(Row row, NamePattern theirs, String layer, String leaf) {
        return new Binding(
                row.ours.rest(layer, leaf),
                theirs.rest(layer, leaf).replaceAll(":\\d", ""),
                theirs.filled(layer, leaf),
                theirs.shares,
                row.shaping);
    }

    /** What a pattern's layer or leaf stood for; empty where the pattern has none. */
    private static String group(Matcher found, String name) {
        return found.pattern().pattern().contains("?<" + name + ">") ? found.group(name) : "";
    }

    /** A name with a place for the number of the layer, for weight or bias, and for one of several parts. */
    private static final class NamePattern {
        private static final Pattern PLACE = Pattern.compile("#|\\*|\\{([^}]*)}");

        private final String text;
        private final Pattern regex;
        private List<String> parts = List.of("");
        private List<Integer> shares = List.of(1);

        NamePattern(String text) {
            this.text = text;
            StringBuilder expression = new StringBuilder();
            Matcher place = PLACE.matcher(text);
            int at = 0;
            while (place.find()) {
                expression.append(Pattern.quote(text.substring(at, place.start())));
                expression.append(
                        switch (place.group().charAt(0)) {
                            case '#' -> "(?<layer>\\d+)";
                            case '*' -> "(?<leaf>weight|bias)";
                            default -> alternatives(place.group(1));
                        });
                at = place.end();
            }
            regex = Pattern.compile(expression + Pattern.quote(text.substring(at)));
        }

        private String alternatives(String inBraces) {
            List<String[]> words = Arrays.stream(inBraces.split("\\|"))
                    .map(word -> word.split(":"))
                    .toList();
            parts = words.stream().map(word -> word[0]).toList();
            shares = words.stream()
                    .map(word -> word.length > 1 ? Integer.valueOf(word[1]) : 1)
                    .toList();
            return "(?:" + String.join("|", parts) + ")";
        }

        Matcher matcher(String name) {
            return regex.matcher(name);
        }

        String rest(String layer, String leaf) {
            return text.replace("#", layer).replace("*", leaf);
        }

        List<String> filled(String layer, String leaf) {
            String rest = rest(layer, leaf);
            return parts.stream()
                    .map(part -> rest.replaceAll("\\{[^}]*}", part))
                    .toList();
        }
    }
}
