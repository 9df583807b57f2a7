package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A team of more threads than processors, beside threads that never rest: slow, but it comes to an end. */
class BusyMachineTest {
    private static final int THREADS = 8;
    private static final int REGIONS = 200;
    private static final int CHUNKS = 37;
    /** Against hanging; it takes a hundredth of it. */
    private static final int LIMIT_SECONDS = 120;

    @Test
    @Timeout(value = LIMIT_SECONDS, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void eight_threads_finish_one_region_after_the_other() {
        assertThat(chunksOfRegions(REGIONS, 0)).isEqualTo(REGIONS * CHUNKS);
    }

    /** A pause of a millisecond is longer than the members spin. */
    @Test
    @Timeout(value = LIMIT_SECONDS, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void members_that_have_parked_between_regions_wake_up() {
        assertThat(chunksOfRegions(REGIONS, 1)).isEqualTo(REGIONS * CHUNKS);
    }

    @Test
    @Timeout(value = LIMIT_SECONDS, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void eight_threads_finish_beside_other_load() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors() + 1; i++) {
            Thread other = new Thread(() -> spinUntil(done), "other-load-" + i);
            other.setDaemon(true);
            other.start();
            others.add(other);
        }
        try {
            assertThat(chunksOfRegions(REGIONS / 4, 0)).isEqualTo(REGIONS / 4 * CHUNKS);
        } finally {
            done.set(true);
            for (Thread other : others) {
                other.join();
            }
        }
    }

    /** In the middle of every chunk its thread gives its processor to another. */
    private static int chunksOfRegions(int regions, int pauseMillis) {
        AtomicInteger chunks = new AtomicInteger();
        try (Team team = new Team(THREADS)) {
            for (int region = 0; region < regions; region++) {
                team.run(CHUNKS, (chunk, member) -> {
                    Thread.yield();
                    chunks.incrementAndGet();
                });
                if (pauseMillis > 0 && region % 10 == 0) {
                    pause(pauseMillis);
                }
            }
        }
        return chunks.get();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void spinUntil(AtomicBoolean done) {
        while (!done.get()) {
            Thread.onSpinWait();
        }
    }
}
