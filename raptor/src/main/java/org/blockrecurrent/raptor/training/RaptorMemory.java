package org.blockrecurrent.raptor.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.RecurrentBlock;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.InferenceMemory;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.training.BlockMemory;
import org.blockrecurrent.vit.training.ParameterMemory;
import org.blockrecurrent.vit.training.TrainingMemory;

/**
 * What a step of a Raptor's training takes on the CPU at most: a prediction of {@code Backend.peakBytes}, in bytes, with the
 * teacher's states computed on the fly.
 *
 * <pre>
 *   always    the frozen teacher; parameters, moments and packed weights of k blocks ({@link ParameterMemory})
 *   step      B·(L + 1)·N·D, the teacher's states, and what embedding the images takes
 *   stage 1   the rollout of the longest phase, n layers: 2n applications while there is teacher forcing, else n
 *   stage 2   the rollout of all L layers
 *   rollout   B·N·(what its applications hold, {@link BlockMemory}, and the gradients of the states that are compared)
 *             + gradients of the parameters so far
 * </pre>
 *
 * Autoregressive rollouts have the gradients of all states compared before the first block goes backwards; teacher-forced
 * ones have one at a time. Tests hold the prediction to 10 % of what is counted.
 */
public final class RaptorMemory {
    private final VitConfig teacher;
    private final RaptorConfig config;
    private final Phases phases;
    private final RaptorTraining training;
    private final ParameterMemory ofBlock;
    private final BlockMemory block;

    public RaptorMemory(VitConfig teacher, RaptorConfig config, Phases phases, RaptorTraining training) {
        this.teacher = teacher;
        this.config = config;
        this.phases = phases;
        this.training = training;
        ofBlock = ParameterMemory.of(shapes(config));
        boolean scaled = config.layerScaleInit() > 0 || config.depthScale();
        block = new BlockMemory(
                config.embedDim(), config.heads(), config.mlpDim(), config.mlp(), scaled, config.depthScale());
    }

    /** Each block inside its phase; with several blocks, one after the other in every step. */
    public long stage1Bytes(Retention retention) {
        int longest =
                Collections.max(phases.phases().stream().map(Phase::length).toList());
        long elements = ofBlock.elements();
        long most = training.teacherForcingShare() > 0
                ? blended(longest, retention)
                : autoregressive(longest, retention, elements);
        return Float.BYTES * (held() + most);
    }

    /** All blocks joined, on the whole rollout. */
    public long stage2Bytes(Retention retention) {
        return Float.BYTES
                * (held() + autoregressive(teacher.layers(), retention, phases.blocks() * ofBlock.elements()));
    }

    /** Both rollouts are recorded; the teacher-forced one goes back first. */
    private long blended(int layers, Retention retention) {
        return tokens() * config.embedDim()
                + TrainingMemory.mostInBlocks(
                        block, 2 * layers, retention, tokens(), ofBlock.elements(), ofBlock.elements());
    }

    private long autoregressive(int layers, Retention retention, long allElements) {
        return tokens() * layers * config.embedDim()
                + TrainingMemory.mostInBlocks(block, layers, retention, tokens(), ofBlock.elements(), allElements);
    }

    private long held() {
        long states = (teacher.layers() + 1L) * teacher.layout().tokens() * teacher.embedDim();
        // The last sum of the embedding is x₀, a state.
        long embedding = TrainingMemory.embeddingFloats(teacher)
                - (long) teacher.layout().tokens() * teacher.embedDim();
        return InferenceMemory.weightBytes(teacher) / Float.BYTES
                + ofBlock.times(phases.blocks()).held()
                + training.batchSize() * (states + embedding);
    }

    /** B·N. */
    private long tokens() {
        return (long) training.batchSize() * teacher.layout().tokens();
    }

    private static List<Shape> shapes(RaptorConfig config) {
        List<Shape> shapes = new ArrayList<>();
        new RecurrentBlock(config, ParameterSource.listing((name, shape) -> shapes.add(shape)));
        return shapes;
    }
}
