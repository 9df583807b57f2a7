package org.blockrecurrent.kernels.ptx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A .cu file and the PTX made of it. */
public record PtxFile(String name) {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path PTX = Path.of("src/main/resources/org/blockrecurrent/kernels/ptx");
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)");
    /** Ends the name of a file with instructions that Hopper alone has. */
    private static final String HOPPER = "_sm90a";

    static List<PtxFile> all() {
        return names(SOURCES, ".cu").stream().map(PtxFile::new).toList();
    }

    /** Names of the PTX files, whether or not there is a source for them. */
    static Set<String> committed() {
        return names(PTX, ".ptx");
    }

    private static Set<String> names(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ending))
                    .forEach(file -> names.add(file.substring(0, file.length() - ending.length())));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The compute capabilities that it has to run on. */
    List<Multiprocessor> multiprocessors() {
        return name.endsWith(HOPPER) ? List.of(Multiprocessor.SM_90) : List.of(Multiprocessor.values());
    }

    /** The assembler's target for one of them. */
    String target(Multiprocessor multiprocessor) {
        return multiprocessor.capability() + (name.endsWith(HOPPER) ? "a" : "");
    }

    /** Its first two lines: the oldest driver and the oldest GPU that take it. */
    String header() {
        return name.endsWith(HOPPER) ? ".version 8.0\n.target sm_90a\n" : ".version 7.0\n.target sm_80\n";
    }

    /** What each of its kernels may take, by name. */
    public Map<String, KernelBudget> budgets() {
        return KernelBudget.of(read(SOURCES.resolve(name + ".cu")));
    }

    String ptx() {
        return read(PTX.resolve(name + ".ptx"));
    }

    Set<String> entries() {
        Set<String> entries = new TreeSet<>();
        Matcher entry = ENTRY.matcher(ptx());
        while (entry.find()) {
            entries.add(entry.group(1));
        }
        return entries;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
