package org.blockrecurrent.tensor.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Elements that lie in a file by some {@link Layout}. Those that are not row-major are gathered in the order in which they
 * lie there, through one small window, so that a view of two elements into a storage of gigabytes costs neither memory nor
 * time.
 */
final class LaidOutValues implements StoredValues.Source {
    private static final int WINDOW_BYTES = 1 << 13;

    private final PositionedFile file;
    private final int elementBytes;
    private final ByteOrder order;
    private final long position;
    private final Layout layout;

    LaidOutValues(PositionedFile file, Dtype dtype, ByteOrder order, long position, Layout layout) {
        this.file = file;
        elementBytes = dtype.bytes();
        this.order = order;
        this.position = position;
        this.layout = layout;
    }

    @Override
    public void forEachRun(StoredValues.Runs runs) {
        if (layout.isRowMajor()) {
            long begin = position + layout.offset() * elementBytes;
            file.forEachChunk(begin, begin + layout.elements() * elementBytes, (chunk, offset) -> {
                int n = chunk.remaining() / elementBytes;
                runs.accept(chunk.order(order), (int) (offset / elementBytes), n);
            });
        } else {
            file.requireSameSize();
            Window window = new Window();
            layout.forEach((at, index) -> runs.accept(window.at(index), at, 1));
        }
    }

    /** The part of the file that was read last. */
    private final class Window {
        private final ByteBuffer bytes =
                ByteBuffer.allocate(WINDOW_BYTES).order(order).limit(0);
        private long begin;

        /** A buffer that stands at the element of the given index. */
        ByteBuffer at(long index) {
            long wanted = position + index * elementBytes;
            if (wanted < begin || wanted + elementBytes > begin + bytes.limit()) {
                begin = wanted;
                bytes.clear().limit((int) Math.min(WINDOW_BYTES, file.bytes() - wanted));
                file.read(wanted, bytes);
            }
            return bytes.position((int) (wanted - begin));
        }
    }
}
