package org.blockrecurrent.vit.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.vit.Fixtures;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.TokenFeatures;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.image.PictureReader;
import org.blockrecurrent.vit.image.Preprocessing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trained ViT-S/14 on photographs, from the files to the features, beside what the official code makes of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PretrainedFeaturesTest {
    private static final List<String> PHOTOGRAPHS =
            List.of("astronaut", "camera", "chelsea", "coffee", "grass", "hubble_deep_field", "retina", "rocket");
    private static final List<String> FEW = List.of("astronaut", "coffee");
    /** What the features may differ by, relative, as Frobenius norms; the official float and double runs differ by 5e-7. */
    private static final double ALLOWED = 1e-4;

    private final Backend backend = VectorBackend.open();
    private Scope scope;
    private VisionTransformer model;
    private SafetensorsFile expected;

    @BeforeAll
    void load() {
        Path folder = Fixtures.require("pretrained").resolve("vits14_saliency");
        scope = backend.openScope();
        expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        try (PublishedWeights weights = PublishedWeights.open(folder)) {
            model = weights.load(backend);
        }
    }

    @AfterAll
    void close() {
        if (expected != null) {
            expected.close();
            scope.close();
        }
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({"98, 112, hf", "98, 112, hub", "224, 256, hf", "224, 256, hub", "518, 518, hf", "518, 518, hub"})
    void features_of_photographs_equal_the_official_ones(int side, int shorterSide, String library) {
        List<String> names = side == 224 ? PHOTOGRAPHS : FEW;
        VisionTransformer sized = model.at(side, side, PositionRule.named(library));
        Preprocessing usual = Preprocessing.dinov2(224);
        Preprocessing preprocessing =
                new Preprocessing("fixture", shorterSide, side, side, usual.filter(), usual.normalization());
        List<double[]> cls = new ArrayList<>();
        List<double[]> means = new ArrayList<>();
        List<double[]> classTokens = new ArrayList<>();
        for (String name : names) {
            try (Scope one = backend.openScope()) {
                Tensor image = image(name, side, preprocessing);
                Trajectory trajectory = Trajectory.of(sized, sized.embed(image));
                TokenFeatures last = new TokenFeatures(sized.norm(trajectory.state(12)), sized.layout());
                cls.add(last.cls().toDoubles());
                means.add(last.meanPatch().toDoubles());
                trajectory.states().forEach(x -> classTokens.add(x.tokens(0, 1).toDoubles()));
                String patches = side + ".patches." + name;
                if (library.equals("hf") && expected.names().contains(patches)) {
                    requireClose(patches, List.of(last.patches().toDoubles()));
                }
            }
        }
        String prefix = side + (library.equals("hub") ? ".hub." : ".");
        requireClose(prefix + "norm_cls", cls);
        requireClose(prefix + "mean_patch", means);
        if (library.equals("hf")) {
            requireClose(prefix + "cls_blocks", classTokens);
        }
        if (side == 224) {
            requireNeighbours(prefix + "cosine", cls);
        }
    }

    private Tensor image(String name, int side, Preprocessing preprocessing) {
        Path file = Fixtures.require("pretrained").resolve("photographs").resolve(name + ".png");
        float[] pixels = preprocessing.normalize(preprocessing.apply(PictureReader.read(file)));
        String stored = side + ".pixels." + name;
        if (expected.names().contains(stored)) {
            assertThat(pixels).as(stored).isEqualTo(expected.floats(stored));
        }
        return backend.tensor(Shape.of(1, 3, side, side), pixels);
    }

    private void requireClose(String key, List<double[]> got) {
        double[] truth = expected.doubles(key + ".f64");
        double difference = 0;
        double norm = 0;
        int at = 0;
        for (double[] part : got) {
            for (double value : part) {
                difference += (value - truth[at]) * (value - truth[at]);
                norm += truth[at] * truth[at++];
            }
        }
        assertThat(at).as(key).isEqualTo(truth.length);
        double relative = Math.sqrt(difference / norm);
        System.out.printf(Locale.ROOT, "%-24s relative difference %.1e%n", key, relative);
        assertThat(relative).as(key).isLessThanOrEqualTo(ALLOWED);
    }

    /** Each photograph's nearest others, in order, by the cosine of class tokens. */
    private void requireNeighbours(String key, List<double[]> cls) {
        double[] truth = expected.doubles(key + ".f64");
        int n = cls.size();
        for (int i = 0; i < n; i++) {
            double[] ours = new double[n];
            for (int j = 0; j < n; j++) {
                ours[j] = cosine(cls.get(i), cls.get(j));
            }
            assertThat(order(ours))
                    .as(PHOTOGRAPHS.get(i))
                    .isEqualTo(order(Arrays.copyOfRange(truth, i * n, (i + 1) * n)));
        }
    }

    private static List<Integer> order(double[] cosines) {
        Map<Double, Integer> sorted = new java.util.TreeMap<>(java.util.Comparator.reverseOrder());
        for (int i = 0; i < cosines.length; i++) {
            sorted.put(cosines[i], i);
        }
        return List.copyOf(sorted.values());
    }

    private static double cosine(double[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int d = 0; d < a.length; d++) {
            dot += a[d] * b[d];
            aa += a[d] * a[d];
            bb += b[d] * b[d];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
