package org.blockrecurrent.kernels.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.blockrecurrent.kernels.emulator.PlantedBug.Symptom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every planted bug, and its twin without the bug, in one mode; writes what was seen into a table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PlantedBugRuns {
    private final String mode;
    private final PlantedBugTable table;
    private EmulatedDevice device;

    PlantedBugRuns(String mode) {
        this.mode = mode;
        this.table = new PlantedBugTable(mode);
    }

    abstract EmulatedDevice openDevice();

    abstract Symptom expected(PlantedBug bug);

    static List<PlantedBug> bugs() {
        return PlantedBugs.all();
    }

    @BeforeAll
    void open() {
        device = openDevice();
        device.loadKernels("planted");
    }

    @BeforeEach
    void reset() {
        device.reset();
        device.configure("quiet=on");
    }

    @AfterEach
    void leaveNothingBehind() {
        device.reset();
    }

    @AfterAll
    void writeTable() throws IOException {
        table.write();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void a_bug_is_shown(PlantedBug bug) throws Exception {
        Symptom seen = run(bug, true);
        table.add(bug.name(), seen);
        if (expected(bug).equals(PlantedBug.Symptom.unseen())) {
            return; // this mode does not promise to see it; whether it shows is a matter of the order of threads
        }
        assertThat(seen.result())
                .as(bug.name() + " in " + mode + " mode: " + seen.report())
                .isEqualTo(expected(bug).result());
        assertThat(seen.report()).containsPattern(expected(bug).report());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void the_same_program_without_the_bug_is_not_blamed(PlantedBug bug) throws Exception {
        for (String order : List.of("forward", "reverse", "random seed=7")) {
            device.reset();
            device.configure("quiet=on order=" + order);
            Symptom seen = run(bug, false);
            assertThat(seen.report())
                    .as(bug.name() + " without the bug, order " + order)
                    .isEmpty();
            assertThat(seen.result()).isEqualTo(Symptom.NONE);
        }
    }

    private Symptom run(PlantedBug bug, boolean buggy) throws Exception {
        int result = Symptom.NONE;
        String report = "";
        try (RawCuda cuda = new RawCuda(device)) {
            bug.program().run(cuda, device, buggy);
        } catch (RawCuda.Failure failure) {
            result = failure.result();
        } catch (PlantedBug.WrongResult wrong) {
            result = Symptom.WRONG;
            report = wrong.getMessage();
        }
        return new Symptom(result, report.isEmpty() ? device.report() : report);
    }
}
