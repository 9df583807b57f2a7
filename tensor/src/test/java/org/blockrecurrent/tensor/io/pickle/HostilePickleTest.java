package org.blockrecurrent.tensor.io.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.HostileFile;
import org.blockrecurrent.tensor.io.torch.TorchArchives;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pickle of the corpus, as the pickle of a file of torch.save in both forms, is refused with the right complaint. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostilePickleTest {
    /** What a reader must do, up to the first semicolon or comma, and what our message says of it. */
    private static final Map<String, String> COMPLAINTS = Map.ofEntries(
            Map.entry("UnsupportedGlobal naming it", "would have Python call '\\w+\\.\\w+'"),
            Map.entry("UnsupportedOpcode or UnsupportedGlobal", "unsupported opcode: extension code"),
            Map.entry("UnsupportedOpcode with its position", "byte \\d+ of .*: unknown opcode 0xff"),
            Map.entry("UnsupportedOpcode", "unsupported opcode: data outside"),
            Map.entry("UnsupportedProtocol", "unsupported protocol 200"),
            Map.entry("TruncatedPickle", "cut short"),
            Map.entry("InvalidMemo", "memo id"),
            Map.entry("InvalidLength", "negative length"),
            Map.entry("InvalidUtf8", "not valid UTF-8"),
            Map.entry("StackUnderflow", "the stack (is empty|has no mark)"),
            Map.entry("TypeMismatch", "is appended to|are set on|cannot be a key|for its arguments"),
            Map.entry("bounded", "no state_dict"),
            Map.entry("linear time and memory", "no state_dict"),
            Map.entry("no StackOverflowError", "no state_dict"),
            Map.entry("error or bounded walk", "64 levels deep"),
            Map.entry("error or accepted", "no state_dict"),
            Map.entry("error or ignored", "bytes follow the end of the pickle|unknown opcode"),
            Map.entry("error", "a frame of|unsupported opcode: persistent id as a line"));

    private static final byte[] NO_STORAGES = TorchArchives.bytes("\u0080\u0002].");
    private static final long BYTES_PER_FILE_BYTE = 256;

    @TempDir
    Path folder;

    static List<HostileFile> corpus() {
        return HostileFile.all("pickle");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void a_pickle_in_an_archive_is_refused_as_the_index_says(HostileFile file) throws IOException {
        byte[] pickle = Files.readAllBytes(file.path());
        assertThat(pickle).hasSize((int) file.bytes());
        requireRefused(file, TorchArchives.zip(folder.resolve("hostile.pth"), pickle, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void a_pickle_in_the_old_form_is_refused_as_the_index_says(HostileFile file) throws IOException {
        byte[] pickle = Files.readAllBytes(file.path());
        boolean needsItsEnd =
                file.mustDo().startsWith("TruncatedPickle") && !file.mustDo().contains("allocation");
        byte[] rest = needsItsEnd ? new byte[0] : NO_STORAGES;
        requireRefused(file, TorchArchives.legacy(folder.resolve("hostile.pth"), pickle, rest));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void memory_is_bounded_by_the_size_of_the_file(HostileFile file) throws IOException {
        Path archive = TorchArchives.zip(folder.resolve("hostile.pth"), Files.readAllBytes(file.path()), Map.of());
        file.requireBoundedMemory(
                BYTES_PER_FILE_BYTE, () -> TorchFile.open(archive).close());
    }

    /** A reader that looked for what a pickle names would find this class, and initialise it. */
    static final class Canary {
        static {
            System.setProperty("canary", "dead");
        }

        private Canary() {}
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void no_class_is_loaded_no_process_is_started_and_no_file_is_made(HostileFile file) throws IOException {
        Path archive = TorchArchives.zip(folder.resolve("hostile.pth"), Files.readAllBytes(file.path()), Map.of());
        classesLoadedByReading(archive); // loads the classes of the reader itself
        List<Path> filesBefore = visibleFiles();
        assertThat(leastClassesLoadedByReading(archive)).isZero();
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThat(visibleFiles()).isEqualTo(filesBefore);
        assertThat(Path.of("PWNED")).doesNotExist();
    }

    /** Of a few readings: now and then the JVM itself loads a class in between. */
    private static long leastClassesLoadedByReading(Path archive) {
        long least = Long.MAX_VALUE;
        for (int reading = 0; reading < 3; reading++) {
            least = Math.min(least, classesLoadedByReading(archive));
        }
        return least;
    }

    @Test
    void a_java_class_that_a_pickle_names_is_not_looked_for() {
        int dot = Canary.class.getName().lastIndexOf('.');
        String module = Canary.class.getName().substring(0, dot);
        String name = Canary.class.getName().substring(dot + 1);
        String global = "c" + module + "\n" + name + "\n";
        String[] pickles = {
            global + ")R.",
            global + ")\u0081.",
            "(i" + module + "\n" + name + "\n.",
            "(" + global + "o.",
            TorchArchives.text(module) + TorchArchives.text(name) + "\u0093)R.",
            "}(" + TorchArchives.text("a") + global + ")\u0081}bu."
        };
        for (String pickle : pickles) {
            Path archive = TorchArchives.zip(
                    folder.resolve("canary.pth"), TorchArchives.bytes("\u0080\u0002" + pickle), Map.of());
            catchThrowable(() -> TorchFile.open(archive).close());
            assertThat(System.getProperty("canary")).isNull();
        }
    }

    @Test
    void the_corpus_is_complete() {
        assertThat(corpus()).hasSize(45).allMatch(file -> file.expect().equals("error"));
    }

    private static long classesLoadedByReading(Path archive) {
        long before = ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
        catchThrowable(() -> TorchFile.open(archive).close());
        return ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount() - before;
    }

    private List<Path> visibleFiles() throws IOException {
        try (Stream<Path> here = Files.list(Path.of("."));
                Stream<Path> temporary = Files.list(folder)) {
            return Stream.concat(here, temporary).sorted().toList();
        }
    }

    private static void requireRefused(HostileFile file, Path archive) {
        Throwable thrown = catchThrowable(() -> TorchFile.open(archive).close());
        file.requireRefused(thrown, archive, COMPLAINTS);
    }
}
