package org.blockrecurrent.cli.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.verify.Verification;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.verify.Check;
import org.blockrecurrent.vit.verify.GoldenCase;
import org.blockrecurrent.vit.verify.ModelCases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of the official code, computed on the emulated CUDA device: a model of each family, and a Raptor's training. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenValuesPlainTest {
    private static final Path MODELS = Path.of("../vit/src/test/resources/golden/models");
    private static final Path RAPTOR = Path.of("../raptor/src/test/resources/golden/raptor");

    private Backend cuda;

    @BeforeAll
    void open() {
        Cuda.reset();
        cuda = Cuda.open();
    }

    @AfterAll
    void close() {
        if (cuda != null) {
            cuda.close();
        }
    }

    static Stream<GoldenCase> models() {
        return ModelCases.in(MODELS).stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_model_of_each_family_equals_the_official_one(GoldenCase golden) {
        requirePassed(golden.check(cuda));
    }

    @Test
    void a_raptor_computes_and_trains_as_the_official_one_does() {
        try (Scope scope = cuda.openScope()) {
            requirePassed(Verification.of(RAPTOR, cuda));
        }
    }

    private static void requirePassed(List<Check> checks) {
        assertThat(checks).isNotEmpty();
        assertThat(checks.stream().filter(check -> !check.passed())).isEmpty();
    }
}
