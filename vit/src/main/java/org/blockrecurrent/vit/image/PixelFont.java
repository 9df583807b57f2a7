package org.blockrecurrent.vit.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The characters of ASCII, 5 pixels wide and 9 high, two of them below the line, drawn in {@code font.txt}: eight in a row, from the space to the
 * tilde. A caption looks the same on every machine, also on those without fonts.
 */
final class PixelFont {
    static final int HEIGHT = 9;
    /** From one character to the next. */
    static final int ADVANCE = 6;

    private static final int WIDTH = 5;
    private static final int IN_A_ROW = 8;
    private static final char FIRST = ' ';
    private static final char LAST = '~';
    private static final List<String> ROWS = rows();

    private PixelFont() {}

    /** Width of a text in pixels. */
    static int width(String text) {
        return Math.max(0, text.length() * ADVANCE - 1);
    }

    /** Whether a character has ink at a pixel; characters that there are not look like a question mark. */
    static boolean hasInk(char character, int row, int column) {
        if (column >= WIDTH) {
            return false;
        }
        int index = (character < FIRST || character > LAST ? '?' : character) - FIRST;
        int at = index % IN_A_ROW * (WIDTH + 2) + column;
        return ROWS.get(index / IN_A_ROW * HEIGHT + row).charAt(at) == '#';
    }

    private static List<String> rows() {
        try (InputStream in = PixelFont.class.getResourceAsStream("font.txt")) {
            if (in == null) {
                throw new IOException("font.txt is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
