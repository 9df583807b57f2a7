package org.blockrecurrent.raptor.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.vit.verify.Check;

/** Golden values of the official Raptor code: blocks, rollouts, losses, gradients, training runs, checkpoints. */
final class RaptorVerification {
    private static final String SAFETENSORS = ".safetensors";
    private static final String JSON = ".json";

    private final Path folder;
    private final Backend backend;
    private final GoldenJson sizes;
    private final Checks checks = new Checks();

    private RaptorVerification(Path folder, Backend backend) {
        this.folder = folder;
        this.backend = backend;
        sizes = GoldenJson.read(folder.resolve("VERSIONS.json")).at("sizes");
    }

    static List<Check> of(Path folder, Backend backend) {
        RaptorVerification verification = new RaptorVerification(folder, backend);
        verification.all();
        return verification.checks.all();
    }

    private void all() {
        forEach("block", SAFETENSORS, this::block);
        forEach("block", JSON, name -> InitialisationCase.verify(small(name)));
        forEach("trajectory", SAFETENSORS, name -> TrajectoryCase.verify(small(name)));
        forEach("stage1", SAFETENSORS, this::stage1);
        forEach("training", SAFETENSORS, this::training);
        if (Files.exists(folder.resolve("schedule.json"))) {
            ScheduleCase.verify(small("schedule"));
        }
        if (Files.exists(folder.resolve("validation.json"))) {
            ValidationCase.verify(trained("validation"));
        }
        forEach("checkpoints", "", name -> CheckpointCase.verify(trained(name)));
    }

    private void block(String name) {
        if (name.endsWith(BlockCase.INTERMEDIATES)) {
            BlockCase.verifyIntermediates(small(name));
        } else {
            BlockCase.verify(small(name));
        }
    }

    private void stage1(String name) {
        if (name.endsWith("/" + Stage1Case.NOISE)) {
            Stage1Case.verifyNoise(small(name));
        } else {
            Stage1Case.verify(small(name));
        }
    }

    private void training(String name) {
        if (!name.endsWith("/" + TrainingCase.BATCHES)) {
            TrainingCase.verify(trained(name));
        }
    }

    private Case small(String name) {
        return new Case(name, folder, backend, sizes.at("heads").integer(), checks);
    }

    private Case trained(String name) {
        return new Case(name, folder, backend, sizes.at("train_heads").integer(), checks);
    }

    /** {@code SUB/NAME} for every entry of a folder below this one that ends so, without the ending. */
    private void forEach(String sub, String ending, Consumer<String> verify) {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(folder.resolve(sub))) {
            try (Stream<Path> entries = Files.list(folder.resolve(sub))) {
                entries.map(entry -> entry.getFileName().toString())
                        .filter(name -> name.endsWith(ending))
                        .sorted()
                        .forEach(name -> names.add(sub + "/" + name.substring(0, name.length() - ending.length())));
            } catch (IOException e) {
                throw FormatException.unreadable(folder.resolve(sub), e);
            }
        }
        names.forEach(verify);
    }
}
