package org.blockrecurrent.kernels.emulator;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import jcuda.driver.CUresult;
import org.blockrecurrent.kernels.emulator.PlantedBug.Symptom;

/**
 * What the modes showed of each planted bug: {@code target/emulator/planted-bugs.md}. The modes run in JVMs of their own;
 * each leaves its rows beside the table and writes it anew from all that are there.
 */
final class PlantedBugTable {
    private static final String[] MODES = {"plain", "checked"};

    private final String mode;
    private final Map<String, String> rows = new LinkedHashMap<>();

    PlantedBugTable(String mode) {
        this.mode = mode;
    }

    void add(String bug, Symptom seen) {
        rows.put(bug, describe(seen));
    }

    private static String describe(Symptom seen) {
        String report = seen.report().replace("|", "\\|");
        if (seen.result() == Symptom.NONE) {
            return report.isEmpty() ? "not seen" : "report: " + report;
        }
        if (seen.result() == Symptom.WRONG) {
            return "wrong result: " + report;
        }
        return CUresult.stringFor(seen.result()) + (report.isEmpty() ? "" : ": " + report);
    }

    void write() throws IOException {
        Path folder = EmulatorBuild.module().resolve("target/emulator");
        Files.writeString(folder.resolve("planted-bugs-" + mode + ".json"), new Gson().toJson(rows));
        StringBuilder table = new StringBuilder("| bug | plain | checked |\n|---|---|---|\n");
        Map<String, String> plain = rowsOf(folder, MODES[0]);
        Map<String, String> checked = rowsOf(folder, MODES[1]);
        for (String bug : rows.keySet()) {
            table.append("| %s | %s | %s |%n"
                    .formatted(bug, plain.getOrDefault(bug, "not run"), checked.getOrDefault(bug, "not run")));
        }
        Files.writeString(folder.resolve("planted-bugs.md"), table);
    }

    private static Map<String, String> rowsOf(Path folder, String mode) throws IOException {
        Path file = folder.resolve("planted-bugs-" + mode + ".json");
        if (!Files.exists(file)) {
            return Map.of();
        }
        return new Gson().fromJson(Files.readString(file), new TypeToken<Map<String, String>>() {}.getType());
    }
}
