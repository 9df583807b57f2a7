package org.blockrecurrent.raptor.verify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.published.OfficialCheckpoint;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.torch.Attributes;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.blockrecurrent.vit.TokenLayout;

/** {@code checkpoints/TORCH/}: files that the official trainer wrote, read to the bit, and loaded as what they are. */
final class CheckpointCase {
    /** No file tells the depth; these were trained on teachers of twelve layers. */
    private static final int DEPTH = 12;

    private final Case of;

    private CheckpointCase(Case of) {
        this.of = of;
    }

    static void verify(Case of) {
        CheckpointCase checkpoints = new CheckpointCase(of);
        Path folder = of.folder().resolve(of.name());
        for (GoldenJson row :
                GoldenJson.read(folder.resolve("CHECKPOINTS.json")).at("files").list()) {
            Path file = folder.resolve(row.at("file").text());
            try (TensorFile values =
                    SafetensorsFile.open(folder.resolve(row.at("values").text()))) {
                checkpoints.contents(file, values, row);
                checkpoints.model(file, values);
            }
        }
    }

    private String name(Path file, String what) {
        return of.name(file.getFileName() + ", " + what);
    }

    private void contents(Path file, TensorFile values, GoldenJson row) {
        try (TorchFile found = TorchFile.open(file)) {
            of.checks().same(name(file, "tensors"), found.names(), values.names());
            for (String tensor : values.names()) {
                boolean same = found.names().contains(tensor)
                        && found.shape(tensor).equals(values.shape(tensor))
                        && Arrays.equals(found.floats(tensor), values.floats(tensor));
                of.checks().holds(name(file, tensor), same);
            }
            attributes(file, found.attributes(), values, row);
        }
    }

    private void attributes(Path file, Attributes found, TensorFile values, GoldenJson row) {
        Checks checks = of.checks();
        if (row.has("class")) {
            String type = found.text(Attributes.CLASS);
            checks.holds(name(file, "class"), type.equals(row.at("class").text()));
            boolean training = row.at("training_attribute").flag();
            checks.holds(name(file, "training"), found.flag("training") == training);
            long count = values.names().stream()
                    .mapToLong(tensor -> values.shape(tensor).size())
                    .sum();
            checks.within(
                    name(file, "number of parameters"),
                    count,
                    row.at("parameters").number(),
                    0);
        }
        if (!row.isNull("thresholds")) {
            double[] thresholds = found.integers("thresholds").stream()
                    .mapToDouble(Long::doubleValue)
                    .toArray();
            checks.within(
                    name(file, "thresholds"), thresholds, row.at("thresholds").numbers(), 0);
        }
    }

    /** Loads a Raptor or a block; a classification head is neither. */
    private void model(Path file, TensorFile values) {
        if (!values.names().stream().anyMatch(tensor -> tensor.endsWith("norm1.weight"))) {
            return;
        }
        try (OfficialCheckpoint checkpoint = OfficialCheckpoint.open(file);
                Scope scope = of.backend().openScope()) {
            if (checkpoint.blocks() == 0) {
                of.checks().holds(name(file, "loaded as a block"), checkpoint.block(of.backend(), of.heads()) != null);
                return;
            }
            Phases phases = checkpoint.thresholds() == null ? anyPhases(checkpoint.blocks()) : null;
            OfficialCheckpoint.Known known =
                    new OfficialCheckpoint.Known(DEPTH, new TokenLayout(0, 1), phases, of.heads());
            Raptor raptor = checkpoint.raptor(of.backend(), known);
            for (Parameter parameter : raptor.parameters().all()) {
                float[] want = values.floats(parameter.name());
                of.checks()
                        .holds(
                                name(file, "loaded " + parameter.name()),
                                Arrays.equals(parameter.value().toArray(), want));
            }
        }
    }

    /** A state dict does not tell where its phases end: any will do to load it. */
    private static Phases anyPhases(int blocks) {
        return Phases.endingAt(IntStream.rangeClosed(1, blocks)
                .map(block -> block == blocks ? DEPTH : block)
                .toArray());
    }
}
