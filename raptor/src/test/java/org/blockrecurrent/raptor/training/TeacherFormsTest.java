package org.blockrecurrent.raptor.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.evaluation.RaptorEvaluation;
import org.blockrecurrent.raptor.phases.LayerDissimilarity;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.probe.Features;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.VitForm;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Raptors of teachers in the forms of the published families: without a class token, with two, with a norm in front. */
class TeacherFormsTest {
    @TempDir
    private Path folder;

    static Stream<VitConfig> teachers() {
        VitConfig plain = TinyTeacher.config();
        VitForm patchesAndRegisters =
                new VitForm(false, false, false, 0, PositionRule.ANTIALIASED, true, false, true, true);
        VitForm siglipWithRegisters = patchesAndRegisters.withPositionedPrefix(2);
        VitForm clip = new VitForm(true, false, false, 1, PositionRule.BICUBIC, false, true, true, false);
        VitForm distilled = new VitForm(true, true, false, 2, PositionRule.BICUBIC, true, false, true, true);
        return Stream.of(
                plain.withForm(VitForm.PLAIN).withHead(10, Pooling.NORM_OF_MEAN_PATCH),
                withoutCls(plain, patchesAndRegisters, Pooling.MEAN_PATCH),
                withoutCls(plain, siglipWithRegisters, Pooling.ATTENTION),
                plain.withForm(clip),
                plain.withForm(distilled).withHead(10, Pooling.CLS_AND_DISTILLATION));
    }

    private static VitConfig withoutCls(VitConfig plain, VitForm form, Pooling pooling) {
        return plain.withHead(10, pooling).withForm(form);
    }

    @ParameterizedTest
    @MethodSource("teachers")
    void a_raptor_is_found_trained_and_measured_for_a_teacher_of_another_form(VitConfig form) {
        try (Backend backend = VectorBackend.open(2);
                Scope scope = backend.openScope()) {
            Teacher teacher = TinyTeacher.of(backend, form, 1);
            Batches batches = teacher.evaluation(TinyTeacher.images(24), 8);
            LayerDissimilarity dissimilarity = new LayerDissimilarity();
            Trajectory trajectory = Trajectory.of(
                    teacher.model(),
                    teacher.model().embed(batches.at(backend, 0).images()));
            dissimilarity.accept(trajectory);
            assertEquals(0, dissimilarity.result().between(1, 1), 1e-6);

            RaptorConfig config = RaptorConfig.published(form).withLayerScaleInit(0.1f);
            RaptorTraining training =
                    RaptorTraining.smoke().withEpochs(1, 1).withBatchSize(8).withSeed(7);
            TrainedRaptor trained = new RaptorTrainer(backend, teacher, TinyTeacher.images(24), config, training)
                    .train(List.of(Phases.endingAt(2, 4)), folder, TrainingListener.NONE)
                    .get(0);
            assertEquals(form.layout(), trained.raptor().layout());

            RaptorEvaluation evaluation = RaptorEvaluation.of(teacher.model(), trained.raptor(), backend, batches);
            assertTrue(Double.isFinite(evaluation.r2().mean()));
            boolean hasCls = form.layout().has(TokenGroup.CLS);
            assertEquals(hasCls, Double.isFinite(evaluation.r2().mean(TokenGroup.CLS)));
            assertEquals(hasCls, Double.isFinite(evaluation.clsCosine()));
            Features features = Features.of(teacher.model(), trained.raptor(), form.pooling(), backend, batches);
            assertEquals(form.pooledDim(), features.width());
        }
    }

    @Test
    void the_weights_of_a_loss_keep_their_sum_whatever_tokens_there_are() {
        TokenWeights weights = TokenWeights.publishedStage2();
        for (TokenLayout layout : List.of(
                new TokenLayout(1, 0, 4, 9),
                new TokenLayout(1, 0, 0, 9),
                new TokenLayout(0, 0, 4, 9),
                new TokenLayout(0, 0, 0, 9),
                new TokenLayout(1, 1, 0, 9))) {
            double sum = 0;
            for (TokenSpan span : weights.spans(layout)) {
                sum += span.weight();
            }
            assertEquals(1, sum, 1e-6, layout.toString());
        }
    }
}
