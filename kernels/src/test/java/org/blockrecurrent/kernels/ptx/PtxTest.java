package org.blockrecurrent.kernels.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.kernels.driver.PtxAssembler;
import org.blockrecurrent.kernels.driver.PtxAssembler.Resources;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed PTX: complete, without spills, within the budgets beside the kernels, and made of the sources. */
class PtxTest {
    private static final String FILES = "org.blockrecurrent.kernels.ptx.PtxFile#all";
    private static final int LEAST_OCCUPANCY = 50;
    private static final KernelTable TABLE = new KernelTable();

    @AfterAll
    static void leave_a_table() throws IOException {
        TABLE.write();
    }

    @Test
    void every_source_has_its_ptx_and_every_ptx_its_source() {
        assertThat(PtxFile.committed())
                .containsExactlyElementsOf(
                        PtxFile.all().stream().map(PtxFile::name).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(FILES)
    void every_kernel_has_a_budget_and_an_entry(PtxFile file) {
        assertThat(file.entries()).containsExactlyElementsOf(file.budgets().keySet());
        file.budgets().forEach((kernel, budget) -> {
            assertThat(kernel).startsWith(file.name().replace("_sm90a", "") + "_");
            assertThat(budget.reason().isEmpty())
                    .as(kernel + " gives a reason exactly if its occupancy is below " + LEAST_OCCUPANCY + " %")
                    .isEqualTo(budget.occupancy() >= LEAST_OCCUPANCY);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(FILES)
    void every_kernel_keeps_to_its_budget_without_spills(PtxFile file) {
        for (Multiprocessor multiprocessor : file.multiprocessors()) {
            Map<String, Resources> kernels = PtxAssembler.assemble(file.ptx(), file.target(multiprocessor));
            assertThat(kernels.keySet()).isEqualTo(file.entries());
            file.budgets().forEach((kernel, budget) -> require(kernel, multiprocessor, budget, kernels.get(kernel)));
        }
    }

    private static void require(
            String kernel, Multiprocessor multiprocessor, KernelBudget budget, Resources resources) {
        int occupancy = multiprocessor.occupancy(budget.threads(), resources.registers(), budget.sharedBytes());
        TABLE.add(kernel, multiprocessor, budget, resources, occupancy);
        String where = kernel + " on " + multiprocessor;
        assertThat(resources.spillBytes()).as("bytes spilled by " + where).isZero();
        assertThat(resources.registers()).as("registers of " + where).isLessThanOrEqualTo(budget.registers());
        assertThat(resources.sharedBytes()).as("shared bytes of " + where).isLessThanOrEqualTo(budget.sharedBytes());
        assertThat(occupancy).as("occupancy of " + where).isGreaterThanOrEqualTo(budget.occupancy());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(FILES)
    void the_oldest_driver_and_gpu_that_can_run_it_take_it(PtxFile file) {
        assertThat(file.ptx()).startsWith(file.header()).doesNotContain("//", ".file", ".loc");
    }

    @Test
    void the_committed_ptx_is_what_the_sources_give() throws Exception {
        String why = run("--which");
        if (!why.isEmpty()) {
            System.out.println("skipped: the committed PTX is not compared with the sources, because " + why);
            Assumptions.abort(why);
        }
        assertThat(run("--check")).isEmpty();
    }

    /** Runs scripts/build-ptx; empty if it succeeds, else what it says. */
    private static String run(String option) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        List.of(Path.of("../scripts/build-ptx").toAbsolutePath().toString(), option))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        return process.waitFor() == 0 ? "" : said;
    }
}
