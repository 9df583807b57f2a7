package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training step that repeats allocates no arrays of floats. */
class SteadyStateTest {
    /** Steps until every thread has its scratch memory: which thread takes which part is chance. */
    private static final int WARM_UP = 20;

    /** Handles, records and closures of some hundred operations; one activation alone is more. */
    private static final long SMALL_OBJECTS = 400_000;

    @ParameterizedTest(name = "swiglu {0}")
    @ValueSource(booleans = {false, true})
    void a_repeated_training_step_takes_no_new_array_from_the_heap(boolean swiGlu) {
        try (VectorBackend backend = VectorBackend.open(2)) {
            TinyTransformer model = new TinyTransformer(backend, 2, 96, 3, 384, 64, 17, swiGlu);
            for (int i = 0; i < WARM_UP; i++) {
                model.trainingStep();
            }
            long fresh = backend.freshArrays();
            long peak = backend.peakBytes();
            model.trainingStep();
            assertThat(backend.freshArrays()).isEqualTo(fresh);
            assertThat(backend.peakBytes()).isEqualTo(peak);
        }
    }

    /** On plain loops: vector code that the JIT has not reached yet boxes its vectors, which says nothing about the product. */
    @ParameterizedTest(name = "swiglu {0}")
    @ValueSource(booleans = {false, true})
    void a_repeated_training_step_allocates_small_objects_only(boolean swiGlu) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (VectorBackend backend = VectorBackend.open(2, true)) {
            TinyTransformer model = new TinyTransformer(backend, 2, 96, 3, 384, 64, 17, swiGlu);
            model.trainingStep();
            model.trainingStep();
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            model.trainingStep();
            long allocated =
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(allocated).isLessThan(SMALL_OBJECTS);
        }
    }
}
