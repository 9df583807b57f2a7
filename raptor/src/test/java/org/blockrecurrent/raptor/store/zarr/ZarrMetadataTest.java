package org.blockrecurrent.raptor.store.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZarrMetadataTest {
    private static final String GOOD = """
            {"zarr_format": 2, "shape": [8, 13, 6, 8], "chunks": [4, 1, 6, 8], "dtype": "<f4", "order": "C",
             "fill_value": 0.0, "filters": null,
             "compressor": {"id": "blosc", "cname": "zstd", "clevel": 3, "shuffle": 1, "blocksize": 0}}""";

    @TempDir
    private Path folder;

    private ZarrMetadata read(String json) throws IOException {
        Files.writeString(folder.resolve(".zarray"), json);
        return ZarrMetadata.read(folder);
    }

    @Test
    void what_the_official_writer_says_is_understood() throws IOException {
        ZarrMetadata metadata = read(GOOD);
        assertThat(metadata.grid().toString()).isEqualTo("(8, 13, 6, 8) in chunks of (4, 1, 6, 8)");
        assertThat(metadata.grid().chunks()).isEqualTo(26);
        assertThat(metadata.compressor()).isEqualTo(new ZarrMetadata.Blosc("zstd", 3, 1, 0));
        assertThat(metadata.grid().key(25, '.')).isEqualTo("1.12.0.0");
        assertThat(metadata.grid().key(25, '/')).isEqualTo("1/12/0/0");
    }

    @Test
    void what_is_written_is_read_back_and_is_what_the_official_writer_writes() throws IOException {
        ZarrMetadata ours = ZarrMetadata.published(folder, new int[] {8, 13, 6, 8}, new int[] {4, 1, 6, 8}, 3);
        assertThat(read(ours.json()).json()).isEqualTo(ours.json());
        assertThat(ZarrMetadata.read(GoldenStores.folder("official.zarr")).json())
                .isEqualTo(ours.json());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"fill_value\": 0.0 | \"fill_value\": null",
                "\"fill_value\": 0.0 | \"fill_value\": \"NaN\"",
                "\"fill_value\": 0.0 | \"fill_value\": -7",
                "\"filters\": null | \"filters\": []",
                "\"filters\": null | \"filters\": null, \"dimension_separator\": \"/\"",
                "\"filters\": null | \"filters\": null, \"something_else\": {}",
                "\"blocksize\": 0 | \"blocksize\": 4096",
                "\"cname\": \"zstd\" | \"cname\": \"lz4hc\"",
                "\"shuffle\": 1 | \"shuffle\": -1",
                "\"<f4\" | \"<f2\"",
            })
    void what_the_specification_allows_is_accepted(String part, String other) throws IOException {
        assertThat(read(GOOD.replace(part, other))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"zarr_format\": 2, | '' | 'zarr_format' is missing",
                "\"zarr_format\": 2 | \"zarr_format\": 2.0 | zarr_format '2.0' is not supported",
                "\"zarr_format\": 2 | \"zarr_format\": \"2\" | zarr_format '2' is not supported",
                "\"filters\": null, | '' | 'filters' is missing",
                "\"filters\": null | \"filters\": [{\"id\": \"delta\"}] | filters are not supported",
                "\"order\": \"C\" | \"order\": \"F\" | order \"F\" is not supported",
                "\"<f4\" | \">f4\" | dtype '>f4' is not supported",
                "\"<f4\" | \"<f8\" | dtype '<f8' is not supported",
                "\"<f4\" | \"f4\" | dtype 'f4' is not supported",
                "[8, 13, 6, 8] | [8, 13, 6] | shape has 3 axes, chunks has 4",
                "[8, 13, 6, 8] | [8, 13, 0, 8] | extent '0' is not in 1",
                "[8, 13, 6, 8] | [8, 13, 1e1, 8] | extent '1E+1' is not in 1",
                "[8, 13, 6, 8] | [8, 13, true, 8] | extent 'true' is not in 1",
                "[8, 13, 6, 8] | [8, 13, null, 8] | extent 'null' is not in 1",
                "[8, 13, 6, 8] | [8, 13, 99999999999999999999, 8] | is not in 1",
                "[8, 13, 6, 8] | [2000000000, 2000000000, 2000000000, 8] | shape: overflow",
                "[4, 1, 6, 8] | [40000, 40000, 6, 8] | chunks: overflow",
                "[4, 1, 6, 8] | 4 | chunks: expected a list",
                "[4, 1, 6, 8] | [] | chunks: expected a list",
                "\"blosc\" | \"gzip\" | compressor 'gzip' is not supported",
                "\"zstd\" | \"snappy\" | codec 'snappy' of Blosc is not supported",
                "\"shuffle\": 1 | \"shuffle\": 2 | bit shuffle is not supported",
                "\"shuffle\": 1 | \"shuffle\": 3 | shuffle 3 is not in",
                "\"clevel\": 3 | \"clevel\": 10 | clevel 10 is not in",
                "\"fill_value\": 0.0 | \"fill_value\": \"AAAA\" | fill_value 'AAAA' is no number",
                "\"fill_value\": 0.0 | \"fill_value\": 0.0, \"fill_value\": 1 | duplicate key",
                "\"filters\": null | \"filters\": null, \"dimension_separator\": \"..\" | neither '.' nor '/'",
                "{\"zarr_format\" | [{\"zarr_format\" | not valid JSON",
            })
    void what_cannot_be_followed_is_refused_by_its_key(String part, String other, String message) {
        assertThat(GOOD).contains(part);
        assertThatThrownBy(() -> read(GOOD.replace(part, other)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(folder.resolve(".zarray").toString())
                .hasMessageContaining(message);
    }

    @Test
    void a_folder_that_is_something_else_is_told_what_it_is() throws IOException {
        assertNoArray(folder.resolve("nowhere"), "no such folder");
        assertNoArray(folder, "it has no .zarray");
        Files.writeString(folder.resolve(".zgroup"), "{}");
        assertNoArray(folder, "it is a group");
        Files.writeString(folder.resolve("zarr.json"), "{}");
        assertNoArray(folder, "it is of Zarr 3; write it with zarr_format=2");
    }

    private static void assertNoArray(Path folder, String part) {
        assertThatThrownBy(() -> ZarrArray.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(folder + ": is no Zarr 2 array")
                .hasMessageContaining(part);
    }
}
