package org.blockrecurrent.raptor;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
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
public final class Raptor implements LayerMap {
  private final RaptorConfig config;
  private final LayerAssignment assignment;
  private final TokenLayout layout;
  private final List<RecurrentBlock> blocks = new ArrayList<>();
  private final List<Tensor> layerNumbers = new ArrayList<>();
  private final Parameters parameters;

  /** Takes the parameters of block j under {@code blocks.J.}: fresh, loaded or frozen, as the source is. */
  public Raptor(RaptorConfig config, LayerAssignment assignment, TokenLayout layout, ParameterSource source) {
    this.config = config;
    this.assignment = assignment;
    this.layout = layout;
    for (int block = 0; block < assignment.blocks(); block++) {
      blocks.add(new RecurrentBlock(config, source.at("blocks").at(block)));
      layerNumbers.add(DepthScale.numbers(source.backend(), assignment.layersOf(block)));
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
    requireLayer(layer);
    return blocks.get(assignment.blockOf(layer)).forward(x, layer, trace);
  }

  /**
   * The same map with the depth scales of all layers computed now, once, in the current scope and as part of the graph:
   * what a training step rolls out.
   */
  public LayerMap unrolled() {
    DepthScale.Scales[] scales = new DepthScale.Scales[layers()];
    for (int block = 0; block < blocks.size(); block++) {
      List<DepthScale.Scales> ofBlock = blocks.get(block).scales(layerNumbers.get(block));
      int[] layersOfBlock = assignment.layersOf(block);
      for (int i = 0; ofBlock != null && i < layersOfBlock.length; i++) {
        scales[layersOfBlock[i] - 1] = ofBlock.get(i);
      }
    }
    return new Unrolled(this, scales);
  }

  private record Unrolled(Raptor raptor, DepthScale.Scales[] scales) implements LayerMap {
    @Override
    public int layers() {
      return raptor.layers();
    }

    @Override
    public TokenLayout layout() {
      return raptor.layout();
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
      raptor.requireLayer(layer);
      return raptor.blocks.get(raptor.assignment.blockOf(layer)).forward(x, scales[layer - 1], trace);
    }
  }

  private void requireLayer(int layer) {
    if (layer < 1 || layer > layers()) {
      throw new InvalidInputException("layer " + layer + " is not in 1 … " + layers());
    }
  }
}
