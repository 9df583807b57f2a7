package org.blockrecurrent.raptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecurrentBlockTest {
    private static final TokenLayout LAYOUT = new TokenLayout(0, 4);
    private static final RaptorConfig CONFIG = new RaptorConfig(8, 2, 16, Mlp.Kind.SWIGLU, 0.1f, 1e-5f, true, 16);

    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    private Trajectory teacher(int layers) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= layers; layer++) {
            float[] values = new float[2 * LAYOUT.tokens() * 8];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(0.3 * i + layer);
            }
            states.add(backend.tensor(Shape.of(2, LAYOUT.tokens(), 8), values));
        }
        return new Trajectory(states, LAYOUT);
    }

    @Test
    void a_tied_block_has_one_gradient_buffer_whatever_the_depth() {
        Trajectory teacher = teacher(6);
        int[] live = new int[2];
        for (int i = 0; i < 2; i++) {
            int depth = i == 0 ? 3 : 6;
            ParameterSource source = ParameterSource.fresh(backend, 1);
            Raptor raptor = new Raptor(CONFIG, Phases.endingAt(depth), LAYOUT, source);
            try (Scope scope = backend.openScope()) {
                TrajectoryLoss loss = new TrajectoryLoss(TokenWeights.PLAIN, List.of(new Phase(1, depth)));
                Gradients gradients = Backpropagation.from(loss.autoregressive(raptor.unrolled(), teacher));
                for (Parameter parameter : source.parameters().all()) {
                    assertEquals(parameter.shape(), gradients.of(parameter).shape());
                }
                live[i] = scope.liveStorages();
            }
        }
        assertEquals(live[0], live[1], "what is left after the sweep grows with depth");
    }

    @Test
    void without_a_depth_scale_the_block_is_the_same_map_at_every_layer() {
        RecurrentBlock plain = new RecurrentBlock(CONFIG.withDepthScale(false), ParameterSource.fresh(backend, 1));
        RecurrentBlock scaled = new RecurrentBlock(CONFIG, ParameterSource.fresh(backend, 1));
        Tensor x = teacher(1).state(0);
        assertTrue(java.util.Arrays.equals(at(plain, x, 1), at(plain, x, 9)));
        assertFalse(java.util.Arrays.equals(at(scaled, x, 1), at(scaled, x, 9)));
    }

    private static float[] at(RecurrentBlock block, Tensor x, int layer) {
        return block.forward(x, layer, org.blockrecurrent.tensor.nn.Trace.NONE).toArray();
    }

    @Test
    void the_trace_is_shown_what_each_branch_adds() {
        RecurrentBlock block = new RecurrentBlock(CONFIG.withDepthScale(false), ParameterSource.fresh(backend, 1));
        Tensor x = teacher(1).state(0);
        List<String> names = new ArrayList<>();
        float[] sum = x.toArray();
        float[] out = block.forward(x, 1, (name, branch) -> {
                    names.add(name);
                    if (!name.equals("qkv")) {
                        float[] added = branch.toArray();
                        for (int i = 0; i < sum.length; i++) {
                            sum[i] += added[i];
                        }
                    }
                })
                .toArray();
        assertEquals(List.of("qkv", "attention", "mlp"), names);
        for (int i = 0; i < out.length; i++) {
            // Two roundings of numbers around one: fused and unfused sums.
            assertEquals(out[i], sum[i], 4 * Math.ulp(2f));
        }
    }

    @Test
    void a_layer_that_is_not_there_is_refused() {
        Raptor raptor = new Raptor(CONFIG, Phases.endingAt(2, 4), LAYOUT, ParameterSource.fresh(backend, 1));
        Tensor x = teacher(1).state(0);
        assertThrows(IllegalArgumentException.class, () -> raptor.step(x, 5));
        assertThrows(IllegalArgumentException.class, () -> raptor.unrolled().step(x, 0));
    }

    @Test
    void the_weight_of_absent_registers_is_spread_over_the_other_groups() {
        List<TokenSpan> spans = TokenWeights.publishedStage2().spans(LAYOUT);
        assertEquals(
                List.of("cls", "patches"), spans.stream().map(TokenSpan::name).toList());
        assertEquals(0.5f, spans.get(0).weight(), 1e-6f);
        assertEquals(0.5f, spans.get(1).weight(), 1e-6f);
        List<TokenSpan> withRegisters = TokenWeights.publishedStage2().spans(new TokenLayout(4, 4));
        assertEquals(
                List.of(0.45f, 0.10f, 0.45f),
                withRegisters.stream().map(TokenSpan::weight).toList());
        assertEquals(1, TokenWeights.PLAIN.spans(LAYOUT).size());
    }

    @Test
    void a_configuration_that_cannot_be_is_refused() {
        assertThrows(InvalidInputException.class, () -> new RaptorConfig(8, 3, 16, Mlp.Kind.GELU, 0, 1e-5f, true, 16));
        assertThrows(InvalidInputException.class, () -> new RaptorConfig(8, 2, 16, Mlp.Kind.GELU, -1, 1e-5f, true, 16));
        assertThrows(InvalidInputException.class, () -> new TokenWeights(-1, 0, 0));
    }
}
