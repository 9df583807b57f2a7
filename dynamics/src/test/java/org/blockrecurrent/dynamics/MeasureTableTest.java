package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureTableTest {
    private final MeasureTable table = new MeasureTable(List.of(
            new MeasureTable.Row("speed", "", "teacher", 0, "cls", 0.1 + 0.2, "degrees", 2000),
            new MeasureTable.Row("speed", "", "teacher", 2, "cls", -1.5e-300, "degrees", 2000),
            new MeasureTable.Row("speed", "a=1;b=2", "a, \"quoted\"\r\nname", 1, "patches", Double.NaN, "degrees", 1),
            new MeasureTable.Row("speed", "", "ünïcode ℓ", 1, "cls", Double.POSITIVE_INFINITY, "", 1)));

    @Test
    void what_is_written_is_read_back_to_the_same_bits(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("measures.csv");
        table.write(file);
        assertThat(MeasureTable.read(file)).isEqualTo(table);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void csv_is_rfc_4180_whatever_the_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            String csv = MeasureCsv.format(table);
            assertThat(csv).startsWith("measure,condition,model,layer,tokens,value,unit,images\r\n");
            assertThat(csv).contains("speed,,teacher,0,cls,0.30000000000000004,degrees,2000\r\n");
            assertThat(csv).contains(",\"a, \"\"quoted\"\"\r\nname\",");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_row_is_found_by_model_and_layer_and_missing_layers_are_gaps() {
        MeasureTable chosen = table.select("speed", "", "cls");
        assertThat(chosen.models()).containsExactly("teacher", "ünïcode ℓ");
        assertThat(chosen.byLayer("teacher")).containsExactly(0.1 + 0.2, Double.NaN, -1.5e-300);
    }

    @Test
    void a_file_that_is_no_table_is_refused_with_its_name() {
        assertThatThrownBy(() -> MeasureCsv.parse("x,y\n1,2\n", "wrong.csv"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("wrong.csv")
                .hasMessageContaining("first line");
        assertThatThrownBy(() -> MeasureCsv.parse(MeasureCsv.HEADER + "\nspeed,,m,0,cls\n", "short.csv"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("record 2")
                .hasMessageContaining("8 fields");
        assertThatThrownBy(() -> MeasureCsv.parse(MeasureCsv.HEADER + "\nspeed,,m,zero,cls,1,u,1\n", "text.csv"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("must be numbers");
        assertThatThrownBy(() -> MeasureCsv.parse(MeasureCsv.HEADER + "\n\"speed", "cut.csv"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cut off");
        assertThatThrownBy(() -> MeasureTable.read(Path.of("no-such-table.csv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no-such-table.csv");
    }
}
