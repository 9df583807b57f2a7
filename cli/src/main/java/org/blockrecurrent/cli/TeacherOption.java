package org.blockrecurrent.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which teacher. */
final class TeacherOption {
    /** Images of a batch where nothing is trained. */
    static final int EVALUATION_BATCH = 100;

    @Option(
            names = "--teacher",
            paramLabel = "FILE",
            required = true,
            description =
                    "The teacher's checkpoint, teacher.safetensors, as 'quickstart' and 'train-teacher' write it.")
    Path file;
}
