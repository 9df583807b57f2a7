package org.blockrecurrent.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreementTest {
    private static final int TERMS = 100;

    @TempDir
    Path folder;

    private Path ours;

    @BeforeEach
    void write() {
        ours = written("ours", "output", 3, 4);
    }

    @Test
    void equal_results_agree() {
        Path same = written("theirs", "output", 3, 4);
        assertThat(Agreement.require("gemm", "torch", ours, same, TERMS)).isZero();
    }

    @Test
    void a_rounding_error_is_allowed() {
        Path near = written("theirs", "output", Math.nextUp(3), 4);
        assertThat(Agreement.require("gemm", "torch", ours, near, TERMS))
                .isPositive()
                .isLessThan(Agreement.bound(TERMS));
    }

    @Test
    void a_difference_is_named_with_work_peer_tensor_and_size() {
        Path wrong = written("theirs", "output", 3.01f, 4);
        assertThatThrownBy(() -> Agreement.require("gemm", "torch", ours, wrong, TERMS))
                .isInstanceOf(PeerException.class)
                .hasMessageContainingAll("gemm: output of torch", "by 0.00200 of its norm", "nothing was timed");
    }

    @Test
    void what_is_not_a_number_differs() {
        Path undefined = written("theirs", "output", Float.NaN, 4);
        assertThatThrownBy(() -> Agreement.require("gemm", "torch", ours, undefined, TERMS))
                .isInstanceOf(PeerException.class);
    }

    @Test
    void results_of_another_size_or_name_differ() {
        Path longer = written("longer", "output", 3, 4, 5);
        assertThatThrownBy(() -> Agreement.require("gemm", "torch", ours, longer, TERMS))
                .isInstanceOf(PeerException.class);
        Path other = written("other", "result", 3, 4);
        assertThatThrownBy(() -> Agreement.require("gemm", "torch", ours, other, TERMS))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("torch has not computed the output");
    }

    private Path written(String file, String tensor, float... values) {
        Path path = folder.resolve(file);
        new SafetensorsWriter().floats(tensor, Shape.of(values.length), values).write(path);
        return path;
    }
}
