package org.blockrecurrent.vit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.Fixtures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that is stored of what the official code computes, computed again on one backend. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ModelParityContract {
    private Backend backend;
    private ParityReport report;

    protected abstract Backend open();

    /** The models whose computation on this backend would take minutes. */
    protected boolean isTooLarge(GoldenCase golden) {
        return false;
    }

    @BeforeAll
    void openBackend() {
        backend = open();
        report = new ParityReport(backend.name());
    }

    @AfterAll
    void writeReport() {
        report.write();
        backend.close();
    }

    static Stream<GoldenCase> shipped() {
        return ModelCases.in(Fixtures.resource("golden/models")).stream();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void a_model_of_each_family_equals_the_official_one(GoldenCase golden) {
        requirePassed(golden);
    }

    /** Where the folder of the fixtures is not known, one test says that it was skipped. */
    Stream<GoldenCase> all() {
        Path models = Fixtures.folder("models");
        return models == null
                ? Stream.of(new Skipped())
                : ModelCases.in(models).stream().filter(golden -> !isTooLarge(golden));
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_model_in_every_naming_scheme_equals_the_official_one(GoldenCase golden) {
        Fixtures.require("models");
        requirePassed(golden);
    }

    private void requirePassed(GoldenCase golden) {
        List<Check> checks = golden.check(backend);
        report.add(checks);
        assertThat(checks).isNotEmpty();
        assertThat(checks).allMatch(Check::passed);
    }

    private record Skipped() implements GoldenCase {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public List<Check> check(Backend backend) {
            return List.of();
        }
    }
}
