package org.blockrecurrent.tensor.io.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.numpy.NpyFile;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes a reader is given, it reads them or throws an {@link InvalidInputException}; nothing else, and it ends.
 *
 * <p>The build runs {@link #everything}, whose first byte chooses the reader, for a fixed number of executions, as a JVM can
 * hold one fuzzer only; the others are for long runs ({@link org.blockrecurrent.tensor.testkit.Fuzzer}). What one finds
 * becomes a test.
 */
class ReadersFuzzTest {
    private static final Path NAME = Path.of("fuzzed");
    private static final List<Reader> READERS = List.of(
            ReadersFuzzTest::readSafetensors,
            ReadersFuzzTest::readPickle,
            ReadersFuzzTest::readArchive,
            ReadersFuzzTest::readNpy,
            ReadersFuzzTest::readJson);

    /** Reads all that it can. */
    @FunctionalInterface
    private interface Reader {
        void read(byte[] bytes) throws IOException;
    }

    private record Settings(int whole, double real, String text, List<Settings> more) {}

    static Stream<byte[]> safetensorsSeeds() {
        return Seeds.of(List.of("safetensors"), ".safetensors");
    }

    static Stream<byte[]> pickleSeeds() {
        return Stream.concat(Seeds.of(List.of("pickle"), ".pkl"), Seeds.picklesOf(List.of("torch", "pth")));
    }

    static Stream<byte[]> archiveSeeds() {
        return Seeds.of(List.of("torch", "pth", "numpy"), ".pth", ".npz");
    }

    static Stream<byte[]> npySeeds() {
        return Seeds.of(List.of("npy", "numpy"), ".npy");
    }

    static Stream<byte[]> jsonSeeds() {
        return Seeds.of(List.of("json", "safetensors", "schedule"), ".json");
    }

    /** Every seed, preceded by the index of its reader. */
    static Stream<byte[]> allSeeds() {
        List<Stream<byte[]>> seeds =
                List.of(safetensorsSeeds(), pickleSeeds(), archiveSeeds(), npySeeds(), jsonSeeds());
        return Stream.iterate(0, reader -> reader < READERS.size(), reader -> reader + 1)
                .flatMap(reader -> seeds.get(reader).map(seed -> Seeds.join(new byte[] {reader.byteValue()}, seed)));
    }

    @MethodSource("safetensorsSeeds")
    @FuzzTest
    void safetensors(byte[] bytes) throws IOException {
        readSafetensors(bytes);
    }

    @MethodSource("pickleSeeds")
    @FuzzTest
    void pickle(byte[] bytes) throws IOException {
        readPickle(bytes);
    }

    @MethodSource("archiveSeeds")
    @FuzzTest
    void archive(byte[] bytes) throws IOException {
        readArchive(bytes);
    }

    @MethodSource("npySeeds")
    @FuzzTest
    void npy(byte[] bytes) throws IOException {
        readNpy(bytes);
    }

    @MethodSource("jsonSeeds")
    @FuzzTest
    void json(byte[] bytes) throws IOException {
        readJson(bytes);
    }

    @MethodSource("allSeeds")
    @FuzzTest
    void everything(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            READERS.get(Math.floorMod(bytes[0], READERS.size())).read(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }

    private static void readSafetensors(byte[] bytes) throws IOException {
        try (TensorFile file = SafetensorsFile.of(PositionedFile.of(NAME, bytes))) {
            readTensors(file);
        } catch (InvalidInputException e) {
            return;
        }
    }

    /** As the pickle of an archive whose CRCs are right, which the fuzzer would not hit upon. */
    private static void readPickle(byte[] bytes) throws IOException {
        try (TensorFile file = TensorFiles.of(PositionedFile.of(NAME, Seeds.archive(bytes)))) {
            readTensors(file);
        } catch (InvalidInputException e) {
            return;
        }
    }

    private static void readArchive(byte[] bytes) throws IOException {
        try (TensorFile file = TensorFiles.of(PositionedFile.of(NAME, bytes))) {
            readTensors(file);
        } catch (InvalidInputException e) {
            return;
        }
    }

    private static void readNpy(byte[] bytes) throws IOException {
        try (NpyFile file = NpyFile.of(PositionedFile.of(NAME, bytes))) {
            file.shape();
            file.doubles();
            file.longs();
        } catch (InvalidInputException e) {
            return;
        }
    }

    private static void readJson(byte[] bytes) {
        try {
            Json.parse(new String(bytes, StandardCharsets.UTF_8), "fuzzed", Settings.class);
        } catch (InvalidInputException e) {
            return;
        }
    }

    private static void readTensors(TensorFile file) {
        for (String name : file.names()) {
            file.dtype(name);
            try {
                file.shape(name);
                file.floats(name);
                file.doubles(name);
                file.longs(name);
            } catch (InvalidInputException e) {
                continue; // the others may be readable
            }
        }
        if (file instanceof TorchFile torch) {
            torch.attributes().names();
            torch.metadata();
        }
    }
}
