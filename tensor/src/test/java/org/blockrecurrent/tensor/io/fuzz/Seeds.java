package org.blockrecurrent.tensor.io.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.HostileFile;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.zip.StoredZipWriter;
import org.blockrecurrent.tensor.io.zip.ZipArchive;
import org.blockrecurrent.tensor.io.zip.ZipMember;

/** What fuzzing starts from: good files, and those of the corpus of malformed ones. */
final class Seeds {
    /** Larger files would only slow the fuzzer down. */
    private static final long LARGEST = 1 << 15;

    private static final byte[] STORAGE = new byte[64];
    private static final int STORAGES = 4;

    private Seeds() {}

    /** The contents of all files in folders of golden files whose names end in one of the suffixes. */
    static Stream<byte[]> of(List<String> folders, String... suffixes) {
        return files(folders, suffixes).map(Seeds::read);
    }

    /** The pickles in the archives of torch.save in folders of golden files. */
    static Stream<byte[]> picklesOf(List<String> folders) {
        return files(folders, ".pth").flatMap(Seeds::pickleOf);
    }

    /** An archive of torch.save with that pickle, and a few storages. */
    static byte[] archive(byte[] pickle) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredZipWriter zip = new StoredZipWriter(out);
        zip.add("a/data.pkl", 1, member -> member.write(pickle));
        for (int key = 0; key < STORAGES; key++) {
            zip.add("a/data/" + key, 1, member -> member.write(STORAGE));
        }
        zip.finish();
        return out.toByteArray();
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Stream<Path> files(List<String> folders, String... suffixes) {
        return folders.stream()
                .flatMap(folder -> files(HostileFile.golden(folder)))
                .filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith));
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> Files.isRegularFile(file) && file.toFile().length() <= LARGEST)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<byte[]> pickleOf(Path file) {
        try (PositionedFile opened = PositionedFile.of(file, read(file))) {
            ZipArchive archive = ZipArchive.read(opened);
            for (ZipMember member : archive.members()) {
                if (member.name().endsWith("/data.pkl")) {
                    return Stream.of(archive.open(member).readAllBytes());
                }
            }
            return Stream.empty();
        } catch (InvalidInputException | IOException e) {
            return Stream.empty(); // one of the malformed
        }
    }
}
