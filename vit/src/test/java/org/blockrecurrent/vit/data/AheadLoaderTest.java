package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches of images that take long to read: a set in memory that counts how often it is asked. */
@Timeout(60)
class AheadLoaderTest {
    private static final int IMAGES = 22;
    private static final int BATCH = 4;
    private static final Augmentation AUGMENTATION = new Augmentation(1, true, RandomResizedCrop.from(0.3), 5);
    /** One being computed on and two ahead. */
    private static final int BATCHES_AT_ONCE = 3;

    private final Backend backend = new ReferenceBackend();
    private final ByteImages images = Pictures.of(IMAGES, 3, 8, 6, 2);

    @AfterEach
    void close() {
        backend.close();
    }

    /** The same images, as if they lay on disk. */
    private static final class Slow implements ImageSet {
        private final ByteImages images;
        private final Set<Integer> broken;
        private final boolean strict;
        private final AtomicIntegerArray reads = new AtomicIntegerArray(IMAGES);
        private final AtomicInteger total = new AtomicInteger();
        private final Set<String> threads = ConcurrentHashMap.newKeySet();

        Slow(ByteImages images, boolean strict, Integer... broken) {
            this.images = images;
            this.strict = strict;
            this.broken = Set.of(broken);
        }

        @Override
        public boolean read(int image, RandomResizedCrop.@Nullable Draw crop, byte[] levels) {
            reads.incrementAndGet(image);
            total.incrementAndGet();
            threads.add(Thread.currentThread().getName());
            if (broken.contains(image)) {
                if (strict) {
                    throw new InvalidInputException("image " + image + " is broken");
                }
                return false;
            }
            return images.read(image, crop, levels);
        }

        @Override
        public List<String> skipped() {
            return broken.stream().map(image -> "image " + image + " is broken").toList();
        }

        @Override
        public boolean isOnDisk() {
            return true;
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public int count() {
            return images.count();
        }

        @Override
        public int channels() {
            return images.channels();
        }

        @Override
        public int height() {
            return images.height();
        }

        @Override
        public int width() {
            return images.width();
        }

        @Override
        public List<String> classNames() {
            return images.classNames();
        }

        @Override
        public int label(int image) {
            return images.label(image);
        }

        @Override
        public Normalization normalization() {
            return images.normalization();
        }

        @Override
        public ImageSet first(int some) {
            throw new UnsupportedOperationException();
        }
    }

    private record Seen(float[] pixels, float[] labels, int[] indices) {}

    private Seen at(Batches batches, int step) {
        try (Scope scope = backend.openScope()) {
            ImageBatch batch = batches.at(backend, step);
            return new Seen(
                    batch.images().toArray(),
                    batch.labels().toArray(),
                    batch.indices().clone());
        }
    }

    private List<Seen> pass(Batches batches) {
        List<Seen> seen = new ArrayList<>();
        batches.forEach(
                backend,
                batch -> seen.add(new Seen(
                        batch.images().toArray(),
                        batch.labels().toArray(),
                        batch.indices().clone())));
        return seen;
    }

    private Batches training(ImageSet set) {
        return Batches.training(set, images.normalization(), BATCH, AUGMENTATION, 3);
    }

    private Batches evaluation(ImageSet set) {
        return Batches.evaluation(set, images.normalization(), BATCH);
    }

    @Test
    void reading_ahead_changes_no_bit() {
        Slow slow = new Slow(images, false);
        Batches ahead = training(slow);
        Batches direct = training(images);
        for (int step : new int[] {0, 1, 2, 3, 4, 5, 6, 11, 12, 3, 4, 30}) {
            assertThat(at(ahead, step)).usingRecursiveComparison().isEqualTo(at(direct, step));
        }
        assertThat(slow.threads).allMatch(name -> name.equals("picture reader"));
    }

    @Test
    void a_pass_reads_every_image_once() {
        Slow slow = new Slow(images, false);
        Batches batches = evaluation(slow);
        for (int pass = 1; pass <= 3; pass++) {
            assertThat(pass(batches)).usingRecursiveComparison().isEqualTo(pass(evaluation(images)));
            for (int image = 0; image < IMAGES; image++) {
                assertThat(slow.reads.get(image)).isEqualTo(pass);
            }
        }
    }

    @Test
    void steps_in_order_read_no_image_of_an_epoch_twice() {
        Slow slow = new Slow(images, false);
        Batches batches = training(slow);
        int[] shown = new int[IMAGES];
        for (int step = 0; step < batches.perEpoch(); step++) {
            for (int image : at(batches, step).indices()) {
                shown[image]++;
            }
        }
        assertThat(IntStream.of(shown).sum()).isEqualTo(BATCH * batches.perEpoch());
        assertThat(slow.total.get()).isLessThanOrEqualTo(BATCH * (batches.perEpoch() + BATCHES_AT_ONCE - 1));
    }

    @Test
    void only_the_next_two_batches_are_read_ahead() throws InterruptedException {
        Slow slow = new Slow(images, false);
        Batches batches = training(slow);
        at(batches, 0);
        while (slow.total.get() < BATCHES_AT_ONCE * BATCH) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
        assertThat(slow.total.get()).isEqualTo(BATCHES_AT_ONCE * BATCH);
    }

    @Test
    void an_evaluation_leaves_out_what_cannot_be_read() {
        Slow slow = new Slow(images, false, 0, 5, 8, 9, 10, 11, 21);
        List<Seen> seen = pass(evaluation(slow));
        assertThat(seen.stream().flatMapToInt(s -> IntStream.of(s.indices())))
                .containsExactly(1, 2, 3, 4, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        // The third batch has nothing left and is passed over.
        assertThat(seen).extracting(s -> s.indices().length).containsExactly(3, 3, 4, 4, 1);
        float[] whole = at(evaluation(images), 0).pixels();
        assertThat(seen.get(0).pixels()).isEqualTo(Arrays.copyOfRange(whole, whole.length / 4, whole.length));
        assertThat(seen.get(0).labels()).containsExactly(1, 0, 1);
    }

    @Test
    void a_training_step_keeps_its_size_and_shows_the_next_image_instead() {
        int[] order = at(training(images), 0).indices();
        Seen whole = at(training(images), 0);
        Slow slow = new Slow(images, false, order[1], order[3]);
        Seen seen = at(training(slow), 0);
        assertThat(seen.indices()).containsExactly(order[0], order[2], order[2], order[0]);
        int size = images.levels();
        assertThat(Arrays.copyOfRange(seen.pixels(), size, 2 * size))
                .isEqualTo(Arrays.copyOfRange(whole.pixels(), 2 * size, 3 * size));
        assertThat(seen.labels()[3]).isEqualTo(seen.labels()[0]);
        assertThat(at(training(slow), 0)).usingRecursiveComparison().isEqualTo(seen);
    }

    @Test
    void a_batch_of_which_nothing_can_be_read_says_why() {
        int[] order = at(training(images), 0).indices();
        Slow slow = new Slow(images, false, order[0], order[1], order[2], order[3]);
        assertThatThrownBy(() -> at(training(slow), 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none of the images of batch 0")
                .hasMessageContaining("is broken");
    }

    @Test
    void a_failure_of_a_reader_reaches_whoever_asks_for_the_batch_and_only_then() {
        Slow slow = new Slow(images, true, 6);
        Batches batches = evaluation(slow);
        assertThat(at(batches, 0).indices()).containsExactly(0, 1, 2, 3);
        assertThatThrownBy(() -> at(batches, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("image 6 is broken");
        assertThat(at(batches, 2).indices()).containsExactly(8, 9, 10, 11);
    }
}
