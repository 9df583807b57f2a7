package org.blockrecurrent.raptor.published;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.RecurrentBlock;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.LoadedValues;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.TokenLayout;
import org.jspecify.annotations.Nullable;

/**
 * A Raptor, or one of its blocks, as the official code saves it: a whole module ({@code torch.save(model)}, what its trainer
 * writes), a state dict, or one in safetensors. No code of the file is run. Our own exports are read by this class too.
 */
public final class OfficialCheckpoint implements AutoCloseable {
    private static final String BLOCKS = "blocks.";
    private static final int USUAL_HEAD_WIDTH = 64;

    private final TensorFile file;
    private final String prefix;
    private final int blocks;
    private final Facts facts;

    /**
     * What a checkpoint may leave open, and its user knows.
     *
     * @param layers L of the teacher
     * @param layout of the teacher's tokens
     * @param phases of the Raptor; null to take the thresholds from the checkpoint
     * @param heads of its attention; null to take them from the checkpoint, or one for every 64 channels
     */
    public record Known(
            int layers,
            TokenLayout layout,
            @Nullable Phases phases,
            @Nullable Integer heads) {}

    private OfficialCheckpoint(TensorFile file, Path path) {
        this.file = file;
        prefix = prefix(file);
        blocks = countBlocks();
        facts = Facts.of(file, path, prefix, blocks);
    }

    /** What stands before {@code blocks.0.}, or before a block alone, such as {@code module.}. */
    private static String prefix(TensorFile file) {
        String mark = BlockShapes.MARK;
        String inRaptor = BLOCKS + "0." + mark;
        for (String end : List.of(inRaptor, mark)) {
            for (String name : file.names()) {
                if (name.equals(end) || name.endsWith("." + end)) {
                    return name.substring(0, name.length() - end.length());
                }
            }
        }
        throw new FormatException(file.where(), "is no Raptor of the official code: it has no " + inRaptor);
    }

    /** Opens a file; throws a {@link FormatException} that says what is wrong with it, or what it is instead. */
    public static OfficialCheckpoint open(Path path) {
        TensorFile file = TensorFiles.open(path);
        try {
            return new OfficialCheckpoint(file, path);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private int countBlocks() {
        int count = 0;
        while (file.names().contains(block(count) + BlockShapes.MARK)) {
            count++;
        }
        return count;
    }

    private String block(int block) {
        return prefix + BLOCKS + block + ".";
    }

    /** k; 0 if the file holds a block of stage 1 alone. */
    public int blocks() {
        return blocks;
    }

    /** The last layer of every block but the last; null if the file does not say. */
    public @Nullable List<Integer> thresholds() {
        return facts.thresholds();
    }

    /**
     * The configuration of its blocks.
     *
     * @param knownHeads null to take the number from the checkpoint, or one for every 64 channels
     */
    public RaptorConfig config(@Nullable Integer knownHeads) {
        Double eps = facts.normEps();
        String first = blocks == 0 ? prefix : block(0);
        int heads = heads(knownHeads, file.shape(first + "norm1.weight").size());
        try {
            return BlockShapes.config(file, first, heads, eps == null ? BlockShapes.NORM_EPS : eps.floatValue());
        } catch (FormatException e) {
            throw e;
        } catch (InvalidInputException e) {
            throw new FormatException(file.where(), e.getMessage(), e);
        }
    }

    private int heads(@Nullable Integer known, int width) {
        Integer found = facts.heads();
        if (found != null && known != null && !found.equals(known)) {
            throw new InvalidInputException(
                    file.where() + " has " + found + " attention heads, " + known + " were given");
        }
        if (found == null && known == null && width % USUAL_HEAD_WIDTH != 0) {
            throw new InvalidInputException(file.where() + " does not say how many attention heads its blocks of width "
                    + width + " have; give their number");
        }
        return found != null ? found : known != null ? known : width / USUAL_HEAD_WIDTH;
    }

    /** The Raptor, frozen, in the backend's current scope. Throws unless its tensors are exactly those of a Raptor. */
    public Raptor raptor(Backend backend, Known known) {
        if (blocks == 0) {
            throw new FormatException(
                    file.where(),
                    "holds a single block, as stage 1 of the official training writes it; give a joined Raptor");
        }
        Phases phases = phases(known);
        LoadedValues values = new LoadedValues(file);
        ParameterSource source = ParameterSource.of(backend, values.at(prefix)).frozen();
        Raptor raptor = new Raptor(config(known.heads()), phases, known.layout(), source);
        values.requireExactly(prefix);
        return raptor;
    }

    /** The block of a file that holds one alone, frozen, in the backend's current scope. */
    public RecurrentBlock block(Backend backend, @Nullable Integer heads) {
        if (blocks > 0) {
            throw new FormatException(file.where(), "holds a Raptor of " + blocks + " blocks, not a block alone");
        }
        LoadedValues values = new LoadedValues(file);
        ParameterSource source = ParameterSource.of(backend, values.at(prefix)).frozen();
        RecurrentBlock block = new RecurrentBlock(config(heads), source);
        values.requireExactly(prefix);
        return block;
    }

    private Phases phases(Known known) {
        Phases phases = known.phases() != null ? known.phases() : ofThresholds(known.layers());
        String said = thresholds() == null ? null : ofThresholds(known.layers()).toString();
        if (said != null && !said.equals(phases.toString())) {
            throw new InvalidInputException(file.where() + " has the phases " + said + ", " + phases + " were given");
        }
        Integer depth = facts.layers();
        boolean fits = phases.blocks() == blocks
                && phases.layers() == known.layers()
                && (depth == null || depth == known.layers());
        if (!fits) {
            throw new InvalidInputException(file.where() + " has " + blocks + " blocks"
                    + (depth == null ? "" : " for " + depth + " layers") + ", the phases " + phases
                    + " and a teacher of "
                    + known.layers() + " layers do not fit it");
        }
        return phases;
    }

    private Phases ofThresholds(int layers) {
        List<Integer> thresholds = thresholds();
        if (thresholds == null) {
            throw new InvalidInputException(file.where() + " does not say where its " + blocks
                    + " phases end: a state dict does not; give them, such as 1-7|8-10|11-12");
        }
        int[] ends = Stream.concat(thresholds.stream(), Stream.of(layers))
                .mapToInt(Integer::intValue)
                .toArray();
        try {
            return Phases.endingAt(ends);
        } catch (InvalidInputException e) {
            throw new FormatException(
                    file.where(),
                    "its thresholds " + thresholds + " are none of " + layers + " layers: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
