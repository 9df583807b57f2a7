package org.blockrecurrent.vit.image;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in rows, each with a caption below it, under a title and above a line that says what is shown. All pictures
 * are brought to one height. Captions are in ASCII, in a font of its own.
 */
public final class ContactSheet {
    private static final int MARGIN = 12;
    private static final int LINE = PixelFont.HEIGHT + 5;

    private final String title;
    private final int pictureHeight;
    private final List<List<Cell>> rows = new ArrayList<>();
    private String legend = "";
    private @Nullable ColourMap scale;
    private String low = "";
    private String high = "";

    private record Cell(Picture picture, String caption) {}

    /** An empty sheet whose pictures will be so many pixels high. */
    public ContactSheet(String title, int pictureHeight) {
        this.title = title;
        this.pictureHeight = pictureHeight;
    }

    /** Begins a row; {@link #add} fills it from the left. */
    public ContactSheet row() {
        rows.add(new ArrayList<>());
        return this;
    }

    /** Adds a picture to the last row. */
    public ContactSheet add(Picture picture, String caption) {
        int width = Math.max(1, (int) Math.rint((double) picture.width() * pictureHeight / picture.height()));
        Filter filter = picture.height() < pictureHeight ? Filter.NEAREST : Filter.BICUBIC;
        rows.get(rows.size() - 1)
                .add(new Cell(
                        Resampler.resize(picture, pictureHeight, width, filter).coloured(), caption));
        return this;
    }

    /** A line below the pictures. */
    public ContactSheet legend(String text) {
        legend = text;
        return this;
    }

    /** A bar of colours below the pictures, with what its ends mean. */
    ContactSheet scale(ColourMap colours, String lowEnd, String highEnd) {
        scale = colours;
        low = lowEnd;
        high = highEnd;
        return this;
    }

    /** The sheet as a picture. */
    public Picture picture() {
        if (rows.stream().allMatch(List::isEmpty)) {
            throw new InvalidInputException("a contact sheet without pictures cannot be drawn; add some");
        }
        int rowHeight = pictureHeight + LINE + MARGIN;
        int footer = (legend.isEmpty() ? 0 : LINE) + (scale == null ? 0 : LINE + 4);
        int height = MARGIN + LINE + rows.size() * rowHeight + footer + MARGIN / 2;
        Canvas canvas = new Canvas(height, width());
        canvas.write(title, MARGIN, MARGIN, Canvas.BLACK);
        int top = MARGIN + LINE + 4;
        for (List<Cell> row : rows) {
            drawRow(canvas, row, top);
            top += rowHeight;
        }
        if (scale != null) {
            drawScale(canvas, scale, top);
            top += LINE + 4;
        }
        canvas.write(legend, top, MARGIN, Canvas.GREY);
        return canvas.picture();
    }

    private int width() {
        int width = Math.max(PixelFont.width(title), PixelFont.width(legend));
        for (List<Cell> row : rows) {
            width = Math.max(
                    width, row.stream().mapToInt(ContactSheet::cellWidth).sum() - MARGIN);
        }
        return width + 2 * MARGIN;
    }

    private static int cellWidth(Cell cell) {
        return Math.max(cell.picture.width(), PixelFont.width(cell.caption)) + MARGIN;
    }

    private void drawRow(Canvas canvas, List<Cell> row, int top) {
        int left = MARGIN;
        for (Cell cell : row) {
            canvas.draw(cell.picture, top, left);
            canvas.write(cell.caption, top + pictureHeight + 4, left, Canvas.BLACK);
            left += cellWidth(cell);
        }
    }

    private void drawScale(Canvas canvas, ColourMap colours, int top) {
        int width = 120;
        canvas.write(low, top, MARGIN, Canvas.GREY);
        int left = MARGIN + PixelFont.width(low) + 6;
        for (int column = 0; column < width; column++) {
            canvas.fill(top - 1, left + column, PixelFont.HEIGHT + 2, 1, colours.of(column / (width - 1.0)));
        }
        canvas.write(high, top, left + width + 6, Canvas.GREY);
    }
}
