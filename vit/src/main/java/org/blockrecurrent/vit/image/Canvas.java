package org.blockrecurrent.vit.image;

import java.util.Arrays;

/** A coloured picture in the making. What reaches beyond its edges is cut off. Colours are 0xRRGGBB. */
final class Canvas {
    static final int WHITE = 0xFFFFFF;
    static final int BLACK = 0x1A1A1A;
    static final int GREY = 0x707070;

    private final int height;
    private final int width;
    private final byte[] rgb;

    Canvas(int height, int width) {
        this.height = height;
        this.width = width;
        rgb = new byte[height * width * Picture.COLOURS];
        Arrays.fill(rgb, (byte) WHITE);
    }

    /** What has been drawn; the canvas must not be used any more. */
    Picture picture() {
        return new Picture(height, width, Picture.COLOURS, rgb);
    }

    void set(int row, int column, int colour) {
        if (row >= 0 && row < height && column >= 0 && column < width) {
            int at = (row * width + column) * Picture.COLOURS;
            rgb[at] = (byte) (colour >> 16);
            rgb[at + 1] = (byte) (colour >> 8);
            rgb[at + 2] = (byte) colour;
        }
    }

    void fill(int top, int left, int fillHeight, int fillWidth, int colour) {
        for (int row = top; row < top + fillHeight; row++) {
            for (int column = left; column < left + fillWidth; column++) {
                set(row, column, colour);
            }
        }
    }

    void draw(Picture picture, int top, int left) {
        Picture coloured = picture.coloured();
        for (int row = 0; row < coloured.height(); row++) {
            for (int column = 0; column < coloured.width(); column++) {
                int colour = coloured.level(row, column, 0) << 16
                        | coloured.level(row, column, 1) << 8
                        | coloured.level(row, column, 2);
                set(top + row, left + column, colour);
            }
        }
    }

    /** Writes one line. */
    void write(String text, int top, int left, int colour) {
        for (int i = 0; i < text.length(); i++) {
            for (int row = 0; row < PixelFont.HEIGHT; row++) {
                for (int column = 0; column < PixelFont.ADVANCE; column++) {
                    if (PixelFont.hasInk(text.charAt(i), row, column)) {
                        set(top + row, left + i * PixelFont.ADVANCE + column, colour);
                    }
                }
            }
        }
    }
}
