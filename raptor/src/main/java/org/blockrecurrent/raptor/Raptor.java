package org.blockrecurrent.raptor;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/**
 * The weight-tied recurrent surrogate of a Vision Transformer: k blocks, each applied once for every layer of its phase,
 *
 * <pre>
 *   x̃_ℓ = block_{j(ℓ)}(x̃_{ℓ−1}, ℓ),   x̃_0 = x_0
 * </pre>
 *
 * <p>The embedding before, the final norm and the head after are the frozen teacher's: {@code
 * teacher.classify(Trajectory.of(raptor, teacher.embed(images)).state(L))}.
 */
public final class Raptor implements Surrogate {
    private final RaptorConfig config;
    private final LayerAssignment assignment;
    private final TokenLayout layout;
    private final List<PhaseBlock> blocks = new ArrayList<>();
    private final Parameters parameters;

    /** Takes the parameters of block j under {@code blocks.J.}: fresh, loaded or frozen, as the source is. */
    public Raptor(RaptorConfig config, LayerAssignment assignment, TokenLayout layout, ParameterSource source) {
        this.config = config;
        this.assignment = assignment;
        this.layout = layout;
        for (int block = 0; block < assignment.blocks(); block++) {
            ParameterSource ofBlock = source.at("blocks").at(block);
            blocks.add(new PhaseBlock(config, assignment.layersOf(block), assignment.layers(), layout, ofBlock));
        }
        parameters = source.parameters();
    }

    public RaptorConfig config() {
        return config;
    }

    /** Which block computes which layer. */
    public LayerAssignment assignment() {
        return assignment;
    }

    /** k. */
    public int k() {
        return blocks.size();
    }

    public Parameters parameters() {
        return parameters;
    }

    @Override
    public int layers() {
        return assignment.layers();
    }

    @Override
    public TokenLayout layout() {
        return layout;
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return blocks.get(assignment.blockOf(layer)).step(x, layer, trace);
    }

    @Override
    public LayerMap unrolled(Retention retention) {
        Unrolled unrolled = new Unrolled(layers(), layout, retention);
        blocks.forEach(block -> block.addTo(unrolled));
        return unrolled;
    }
}
