package org.blockrecurrent.raptor.published;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.io.torch.TorchWriter;

/**
 * Writes a Raptor as the official code's state dict, in safetensors or as {@code torch.save} does, by the ending of the file.
 * The thresholds, which are no part of a state dict, stand in the metadata of a safetensors file, and beside any other one in
 * {@code FILE.json}.
 *
 * <pre>{@code
 * blocks = [Block(dim=768, num_heads=12, mlp_ratio=4, init_values=1e-5, t_scale=True, swiglu=True) for _ in range(3)]
 * raptor = Raptor(blocks, [7, 10])
 * raptor.load_state_dict(torch.load("raptor.pth", weights_only=True))
 * }</pre>
 */
public final class OfficialExport {
    private OfficialExport() {}

    /** Throws if the official code has no such Raptor: its blocks have phases, and its norms an eps of 1e-5. */
    public static void write(Path file, Raptor raptor) {
        if (!(raptor.assignment() instanceof Phases phases)) {
            throw new InvalidInputException("the layers " + raptor.assignment()
                    + " are scattered over the blocks: the official code knows phases only");
        }
        float eps = raptor.config().normEps();
        if (eps != BlockShapes.NORM_EPS) {
            throw new InvalidInputException(
                    "the Raptor's layer norms have eps " + eps + ": the official code has 1e-5");
        }
        Facts facts = new Facts(
                Arrays.stream(phases.thresholds()).boxed().toList(),
                phases.layers(),
                raptor.config().heads(),
                null);
        String name = file.getFileName().toString();
        if (name.endsWith(".safetensors")) {
            SafetensorsWriter writer =
                    new SafetensorsWriter().parameters("", raptor.parameters().all());
            facts.metadata().forEach(writer::metadata);
            writer.write(file);
        } else if (List.of(".pth", ".pt", ".bin").stream().anyMatch(name::endsWith)) {
            new TorchWriter().parameters("", raptor.parameters().all()).write(file);
            Json.write(Facts.beside(file), facts);
        } else {
            throw new InvalidInputException(
                    file + ": a Raptor is written as .safetensors, .pth, .pt or .bin; choose one of these endings");
        }
    }
}
