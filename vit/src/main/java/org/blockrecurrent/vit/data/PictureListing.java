package org.blockrecurrent.vit.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The picture files below a folder, by their names alone: nothing is opened. A sub-folder of the first level is a class,
 * with all that lies below it; pictures beside class folders are left out; without class folders there is one class. In
 * the order of their paths, which does not depend on the file system. Symbolic links are followed, loops are not; files
 * and folders whose names begin with a dot are passed over.
 *
 * @param classNames the class folders that hold pictures, sorted
 */
record PictureListing(List<String> classNames, List<Entry> entries) {
    /** The class of pictures without class folders. */
    static final String UNLABELLED = "unlabelled";

    /** Also endings that cannot be read: such a file is reported, not overlooked. */
    private static final Set<String> ENDINGS = Set.of(
            "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "heic", "avif",
            "jp2", "jxl");

    /**
     * A picture file.
     *
     * @param name its path below the folder, with slashes
     * @param label its class
     */
    record Entry(Path file, String name, int label) {}

    static PictureListing of(Path folder, Skipped skipped) {
        TreeMap<String, Path> files = new TreeMap<>();
        try {
            Files.walkFileTree(
                    folder,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new Finder(folder, files, skipped));
        } catch (IOException e) {
            skipped.add(folder, "cannot be listed (" + e + ")");
        }
        List<String> classes = files.keySet().stream()
                .filter(PictureListing::isInClass)
                .map(PictureListing::className)
                .distinct()
                .sorted()
                .toList();
        List<Entry> entries = new ArrayList<>();
        files.forEach((name, file) -> {
            if (classes.isEmpty() || isInClass(name)) {
                entries.add(new Entry(file, name, classes.isEmpty() ? 0 : label(classes, name)));
            } else {
                skipped.add(file, "lies beside the class folders and has no class");
            }
        });
        return new PictureListing(classes.isEmpty() ? List.of(UNLABELLED) : classes, entries);
    }

    private static int label(List<String> classes, String name) {
        return Collections.binarySearch(classes, className(name));
    }

    private static boolean isInClass(String name) {
        return name.indexOf('/') >= 0;
    }

    private static String className(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    /** Collects what looks like a picture. */
    private static final class Finder extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final TreeMap<String, Path> files;
        private final Skipped skipped;

        Finder(Path folder, TreeMap<String, Path> files, Skipped skipped) {
            this.folder = folder;
            this.files = files;
            this.skipped = skipped;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean hidden = !directory.equals(folder) && fileName(directory).startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!isPicture(fileName(file))) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.isRegularFile()) {
                files.put(name(file), file);
            } else {
                skipped.add(file, attributes.isSymbolicLink() ? "a link to nothing" : "not a regular file");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (failure instanceof FileSystemLoopException) {
                skipped.add(file, "a link to a folder that it lies in");
            } else if (failure instanceof AccessDeniedException) {
                skipped.add(file, "may not be read");
            } else {
                skipped.add(file, "cannot be looked at (" + failure + ")");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            if (failure != null) {
                skipped.add(directory, "was listed only in part (" + failure + ")");
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isPicture(String fileName) {
            String ending = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            return !fileName.startsWith(".") && ENDINGS.contains(ending);
        }

        private static String fileName(Path file) {
            Path name = file.getFileName();
            return name == null ? "" : name.toString();
        }

        private String name(Path file) {
            List<String> parts = new ArrayList<>();
            folder.relativize(file).forEach(part -> parts.add(part.toString()));
            return String.join("/", parts);
        }
    }
}
