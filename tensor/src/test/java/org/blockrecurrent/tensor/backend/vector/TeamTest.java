package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {
    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 3, 8})
    void every_chunk_is_run_once_region_after_region(int threads) {
        try (Team team = new Team(threads)) {
            for (int chunks = 0; chunks < 200; chunks++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
                team.run(chunks, (chunk, member) -> runs.incrementAndGet(chunk));
                for (int chunk = 0; chunk < chunks; chunk++) {
                    assertThat(runs.get(chunk)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void no_two_chunks_at_a_time_have_the_same_member() {
        try (Team team = new Team(4)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(4);
            team.run(1000, (chunk, member) -> {
                if (busy.incrementAndGet(member) != 1) {
                    throw new IllegalStateException("member " + member + " is in two chunks");
                }
                Thread.onSpinWait();
                busy.decrementAndGet(member);
            });
        }
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 3})
    void a_failure_in_any_chunk_reaches_the_caller_and_the_team_works_on(int threads) {
        try (Team team = new Team(threads)) {
            for (int failing = 0; failing < 8; failing++) {
                int bad = failing;
                assertThatThrownBy(() -> team.run(8, (chunk, member) -> {
                            if (chunk == bad) {
                                throw new IllegalArgumentException("chunk " + chunk);
                            }
                        }))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("chunk " + bad);
            }
            AtomicIntegerArray runs = new AtomicIntegerArray(8);
            team.run(8, (chunk, member) -> runs.incrementAndGet(chunk));
            assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1]");
        }
    }

    @Test
    void close_ends_the_threads() throws InterruptedException {
        Team team = new Team(3);
        Thread[] members = new Thread[3];
        team.run(300, (chunk, member) -> {
            members[member] = Thread.currentThread();
            Thread.yield();
        });
        team.close();
        for (Thread member : members) {
            if (member != null && member != Thread.currentThread()) {
                member.join(10_000);
                assertThat(member.isAlive()).isFalse();
            }
        }
    }
}
