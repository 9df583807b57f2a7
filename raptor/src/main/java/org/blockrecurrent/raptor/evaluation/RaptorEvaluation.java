package org.blockrecurrent.raptor.evaluation;

import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.CosineOp;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageBatch;
import org.blockrecurrent.vit.data.ImageSet;

/**
 * How well a Raptor replaces its teacher on a set of images: one pass, both trajectories side by side.
 *
 * @param images number of images
 * @param teacherAccuracy share of images that the teacher classifies rightly; NaN if it has no head for these classes
 * @param accuracy the same for the Raptor with the teacher's final norm and head, which it never saw in training
 * @param agreement share of images to which both give the same class; NaN without a head
 * @param r2 at every depth and for every token group
 * @param recurrence ε at every depth
 * @param clsCosine mean cosine between the final cls tokens of both, before the final norm
 * @param patchCosine the same over all patch tokens
 */
public record RaptorEvaluation(
        int images,
        double teacherAccuracy,
        double accuracy,
        double agreement,
        TrajectoryR2 r2,
        BlockRecurrence.Result recurrence,
        double clsCosine,
        double patchCosine) {

    /** {@code batches} show every image once, as from {@link Batches#evaluation}. */
    public static RaptorEvaluation of(VisionTransformer teacher, Raptor raptor, Backend backend, Batches batches) {
        Sums sums = pass(teacher, raptor, backend, batches);
        return sums.result(sums.recurrence.result(teacher.config(), raptor));
    }

    /** Of any other layer map in the place of a Raptor, of so many distinct blocks at that cost: for controls. */
    public static RaptorEvaluation of(
            VisionTransformer teacher, LayerMap map, int blocks, double costRatio, Backend backend, Batches batches) {
        Sums sums = pass(teacher, map, backend, batches);
        return sums.result(sums.recurrence.result(blocks, costRatio));
    }

    private static Sums pass(VisionTransformer teacher, LayerMap map, Backend backend, Batches batches) {
        Sums sums = new Sums(teacher, batches.set());
        batches.forEach(backend, batch -> {
            Tensor x0 = teacher.embed(batch.images());
            sums.accept(Trajectory.of(teacher, x0), Trajectory.of(map, x0), batch);
        });
        return sums;
    }

    /** The share of the teacher's accuracy that is kept. */
    public double retainedAccuracy() {
        return accuracy / teacherAccuracy;
    }

    private static final class Sums {
        private final VisionTransformer teacher;
        private final ImageSet set;
        private final TrajectoryR2 r2 = new TrajectoryR2();
        private final BlockRecurrence recurrence = new BlockRecurrence();
        private int images;
        private int teacherRight;
        private int right;
        private int agreed;
        private double clsCosine;
        private double patchCosine;

        Sums(VisionTransformer teacher, ImageSet set) {
            this.teacher = teacher;
            this.set = set;
        }

        void accept(Trajectory ofTeacher, Trajectory ofRaptor, ImageBatch batch) {
            r2.accept(ofTeacher, ofRaptor);
            recurrence.accept(ofTeacher, ofRaptor);
            Tensor teacherLast = ofTeacher.state(ofTeacher.layers());
            Tensor raptorLast = ofRaptor.state(ofRaptor.layers());
            TokenLayout layout = ofTeacher.layout();
            clsCosine += layout.has(TokenGroup.CLS) ? sumOfMeanCosines(teacherLast, raptorLast, 0, 1) : Double.NaN;
            patchCosine += sumOfMeanCosines(teacherLast, raptorLast, layout.firstPatch(), layout.tokens());
            if (hasHead()) {
                count(classes(teacherLast), classes(raptorLast), batch);
            }
            images += batch.size();
        }

        private boolean hasHead() {
            return teacher.config().classes() > 0;
        }

        private int[] classes(Tensor last) {
            Tensor logits = teacher.classify(last);
            return ArgMax.ofRows(logits.toArray(), logits.dim(1));
        }

        private void count(int[] ofTeacher, int[] ofRaptor, ImageBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                int label = set.label(batch.indices()[i]);
                teacherRight += ofTeacher[i] == label ? 1 : 0;
                right += ofRaptor[i] == label ? 1 : 0;
                agreed += ofTeacher[i] == ofRaptor[i] ? 1 : 0;
            }
        }

        /** Over the images: the mean cosine of an image's tokens. */
        private static double sumOfMeanCosines(Tensor a, Tensor b, int from, int to) {
            double sum = 0;
            for (double cosine :
                    CosineOp.forward(a.tokens(from, to), b.tokens(from, to)).toDoubles()) {
                sum += cosine;
            }
            return sum / (to - from);
        }

        RaptorEvaluation result(BlockRecurrence.Result epsilon) {
            double headed = hasHead() ? images : Double.NaN;
            double labelled = teacher.config().classes() == set.classes() ? headed : Double.NaN;
            return new RaptorEvaluation(
                    images,
                    teacherRight / labelled,
                    right / labelled,
                    agreed / headed,
                    r2,
                    epsilon,
                    clsCosine / images,
                    patchCosine / images);
        }
    }
}
