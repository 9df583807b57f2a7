package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a stream is cut, into batches or into parts that are merged, changes nothing but the rounding of sums. */
class StreamingTest {
    private static final double ROUNDING = 1e-12;
    private static final int IMAGES = 23;
    private static final int LAYERS = 3;
    private static final int D = 8;

    private final Backend backend = new ReferenceBackend();
    private final TokenLayout layout = new TokenLayout(1, 4);
    private final Planted planted = new Planted(backend, layout, D);
    private final PerturbationResponse.Settings settings =
            new PerturbationResponse.Settings(List.of(0.05, 0.1), List.of(0, 2), 11, 17);

    @AfterEach
    void close() {
        backend.close();
    }

    private static double[] wandering(int layer, int image, int token) {
        return Planted.normal(D, "wandering", layer, image, token);
    }

    /** A map whose steps differ from layer to layer. */
    private record Scaling(int layers, TokenLayout layout) implements LayerMap {
        @Override
        public Tensor step(Tensor x, int layer, Trace trace) {
            return x.scale(1 + 0.1f * layer);
        }
    }

    private Analysis fresh(int firstImage) {
        PerturbationResponse response = new PerturbationResponse(new Scaling(LAYERS, layout), settings)
                .readBy(x -> x.tokens(0, 1).reshape(x.dim(0), D))
                .startingAt(firstImage);
        return new Analysis(
                "model",
                List.of(
                        new DirectionalConvergence(),
                        new AngularSpeed(),
                        new TokenCoherence(),
                        new UpdateRank(),
                        new ClassBasins(),
                        response));
    }

    private void feed(Analysis analysis, int from, int to, int batch) {
        for (int start = from; start < to; start += batch) {
            int end = Math.min(to, start + batch);
            int[] labels = new int[end - start];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (start + i) % 3;
            }
            analysis.accept(planted.trajectory(LAYERS, start, end, StreamingTest::wandering), labels);
        }
    }

    private static void assertSame(MeasureTable actual, MeasureTable expected) {
        assertThat(actual.rows()).hasSameSizeAs(expected.rows()).isNotEmpty();
        for (int i = 0; i < expected.rows().size(); i++) {
            MeasureTable.Row row = actual.rows().get(i);
            MeasureTable.Row other = expected.rows().get(i);
            assertThat(row.value())
                    .as(other.toString())
                    .isCloseTo(other.value(), within(ROUNDING * (1 + Math.abs(other.value()))));
            assertThat(row.images()).as(other.toString()).isEqualTo(other.images());
            assertThat(row.measure() + row.condition() + row.tokens() + row.layer() + row.unit())
                    .isEqualTo(other.measure() + other.condition() + other.tokens() + other.layer() + other.unit());
        }
    }

    @Test
    void batch_size_does_not_matter() {
        Analysis whole = fresh(0);
        feed(whole, 0, IMAGES, IMAGES);
        for (int batch : new int[] {1, 5, 8}) {
            Analysis cut = fresh(0);
            feed(cut, 0, IMAGES, batch);
            assertSame(cut.result(), whole.result());
        }
    }

    @Test
    void merged_parts_equal_one_pass() {
        Analysis whole = fresh(0);
        feed(whole, 0, IMAGES, 6);
        Analysis first = fresh(0);
        feed(first, 0, 10, 6);
        Analysis second = fresh(10);
        feed(second, 10, IMAGES, 6);
        first.merge(second);
        assertSame(first.result(), whole.result());
    }

    @Test
    void merging_into_an_empty_analysis_copies_and_leaves_the_part_as_it_was() {
        Analysis part = fresh(0);
        feed(part, 0, 10, 10);
        MeasureTable before = part.result();
        Analysis sum = fresh(0);
        sum.merge(part);
        assertSame(sum.result(), before);
        Analysis rest = fresh(10);
        feed(rest, 10, IMAGES, 6);
        sum.merge(rest);
        assertSame(part.result(), before);
    }

    @Test
    void the_same_stream_gives_the_same_bits() {
        Analysis once = fresh(0);
        Analysis again = fresh(0);
        feed(once, 0, IMAGES, 6);
        feed(again, 0, IMAGES, 6);
        assertThat(again.result()).isEqualTo(once.result());
    }

    @Test
    void only_as_many_images_are_pushed_as_were_asked_for() {
        Analysis analysis = fresh(0);
        feed(analysis, 0, IMAGES, 10);
        assertThat(analysis.result().rows())
                .filteredOn(row -> row.measure().equals(PerturbationResponse.ANGLE))
                .isNotEmpty()
                .allMatch(row -> row.images() == settings.images());
    }

    @Test
    void analyses_of_different_measures_do_not_merge() {
        Analysis one = new Analysis("a", List.of(new AngularSpeed()));
        assertThatThrownBy(() -> one.merge(new Analysis("b", List.of()))).isInstanceOf(IllegalArgumentException.class);
        Analysis other = new Analysis("c", List.of(new UpdateRank()));
        assertThatThrownBy(() -> one.merge(other)).isInstanceOf(IllegalArgumentException.class);
    }
}
