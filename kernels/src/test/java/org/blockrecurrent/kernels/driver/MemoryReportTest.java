package org.blockrecurrent.kernels.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.junit.jupiter.api.Test;

class MemoryReportTest {
    private static final long MEBI = 1 << 20;

    @Test
    void says_what_was_asked_for_what_is_free_and_what_holds_the_rest() {
        String message = report(Shape.of(300, 7), 3 * MEBI, block(Shape.of(8, 8), MEBI), block(Shape.of(512), 2 * MEBI))
                .message(new long[] {MEBI / 2, 4 * MEBI});
        assertThat(message)
                .contains("(300, 7) of 3.0 MiB", "512.0 KiB of 4.0 MiB are free", "holds 3.0 MiB")
                .containsSubsequence("(512) (2.0 MiB)", "(8, 8) (1.0 MiB)")
                .contains("Lower the batch size, or")
                .doesNotContain("\n");
    }

    /** 12 images need 6 MiB here and 6 MiB there; 8 MiB are to be had for both. */
    @Test
    void a_batch_that_would_fit_is_named_where_the_shapes_tell() {
        String message = report(
                        Shape.of(12, 5, 4), 6 * MEBI, block(Shape.of(12, 9, 1), 6 * MEBI), block(Shape.of(7), MEBI))
                .message(new long[] {2 * MEBI, 9 * MEBI});
        assertThat(message).contains("from 12 to at most 8");
    }

    /** What is asked for is scratch memory of one axis: the batch is read off what is held. */
    @Test
    void the_batch_is_read_off_what_holds_most() {
        DeviceBlock[] live = {
            block(Shape.of(8, 3, 2), 4 * MEBI), block(Shape.of(8, 5), 4 * MEBI), block(Shape.of(9, 1, 1), MEBI)
        };
        assertThat(report(Shape.of(77), 2 * MEBI, live).message(new long[] {0, 9 * MEBI}))
                .contains("Lower the batch size, or");
        live[1] = block(Shape.of(8, 5, 1), 4 * MEBI);
        assertThat(report(Shape.of(77), 2 * MEBI, live).message(new long[] {0, 9 * MEBI}))
                .contains("from 8 to at most 6");
    }

    @Test
    void no_batch_is_named_where_not_even_one_image_fits() {
        String message = report(Shape.of(2, 5, 4), 8 * MEBI).message(new long[] {MEBI, 9 * MEBI});
        assertThat(message).contains("Lower the batch size, or").doesNotContain("at most");
    }

    private static MemoryReport report(Shape requested, long bytes, DeviceBlock... live) {
        return new MemoryReport(requested, bytes, List.of(live));
    }

    private static DeviceBlock block(Shape shape, long bytes) {
        return new DeviceBlock(bytes).holding(shape);
    }
}
