package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.AttentionMap;
import org.blockrecurrent.vit.TokenFeatures;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.image.AttentionPicture;
import org.blockrecurrent.vit.image.Filter;
import org.blockrecurrent.vit.image.PcaPicture;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PngWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor features}: what a published model makes of pictures. Also a main class. */
@Command(
        name = "features",
        description = {
            "Computes the features of pictures by a published model, the same numbers that its official code gives.",
            "",
            "Tokens are taken after the final norm. --pca and --attention draw what people look at first."
        },
        footer = {
            "",
            "Examples:",
            "  raptor features photos/ --model dinov2_vits14_reg --out features",
            "  raptor features a.jpg b.png --model weights/ --what cls,patches --layers 6,12 --pca --attention --out out"
        })
public final class ExtractFeatures implements Callable<Integer> {
    private static final int MOST_DRAWN = 16;

    @Mixin
    private RunOptions run;

    @Mixin
    private ModelOption modelOption;

    @Mixin
    private PictureArguments pictures;

    @Option(
            names = "--what",
            paramLabel = "KIND",
            split = ",",
            defaultValue = "cls,mean-patch",
            description = "cls, mean-patch, patches, registers; separated by commas. Default: ${DEFAULT-VALUE}.")
    private List<String> kinds;

    @Option(
            names = "--layers",
            paramLabel = "N",
            split = ",",
            description = "After which layers, 0 for the embedding. Default: the last.")
    private List<Integer> layers;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "npy",
            description = "npy, safetensors or csv. Default: ${DEFAULT-VALUE}.")
    private String format;

    @Option(names = "--pca", description = "Draw the three leading components of the patches as colours: pca.png.")
    private boolean pca;

    @Option(
            names = "--attention",
            description = "Draw what the class token attends to in the last layer: attention-N.png.")
    private boolean attention;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where to write. Default: runs/features-TIME.")
    private Path out;

    private final Session session;

    ExtractFeatures(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(ExtractFeatures.class, "features", args);
    }

    @Override
    public Integer call() {
        List<Path> files = pictures.files();
        ChosenModel published = modelOption.choose();
        try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("features"));
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            session.say("model: %s; pictures: %s", published.origin(), published.preprocessing());
            VisionTransformer model = published.load(backend);
            List<Integer> chosen = layers != null ? layers : List.of(model.layers());
            int batch = pictures.batch(model.config());
            FeatureFiles features = new FeatureFiles(files.size());
            Drawings drawings = new Drawings(model, directory);
            for (int from = 0; from < files.size(); from += batch) {
                List<Path> some = files.subList(from, Math.min(files.size(), from + batch));
                try (Scope scope = backend.openScope()) {
                    List<Picture> shown = new ArrayList<>();
                    Tensor images = PictureArguments.read(some, published.preprocessing(), backend, shown);
                    compute(model, images, chosen, features);
                    drawings.of(images, some, shown);
                }
                progress.step("features", from + some.size(), files.size(), "pictures");
            }
            List<String> names = files.stream().map(Path::toString).toList();
            features.write(format, directory, names, published.preprocessing().toString())
                    .forEach(file -> session.say("wrote %s", file));
            drawings.finish();
            directory.configure("features", settings(published, names, chosen), Environment.of(backend.description()));
        }
        return 0;
    }

    private void compute(VisionTransformer model, Tensor images, List<Integer> chosen, FeatureFiles features) {
        List<TokenFeatures> found = TokenFeatures.afterLayers(model, images, chosen, true);
        for (int i = 0; i < chosen.size(); i++) {
            String prefix = layers == null ? "" : "layer" + chosen.get(i) + "-";
            for (String kind : kinds) {
                features.add(prefix + kind, ofKind(found.get(i), kind));
            }
        }
    }

    private static Tensor ofKind(TokenFeatures features, String kind) {
        return switch (kind) {
            case "cls" -> features.cls();
            case "mean-patch" -> features.meanPatch();
            case "patches" -> features.patches();
            case "registers" -> features.registers();
            default ->
                throw new InvalidInputException(
                        "--what " + kind + " is unknown; choose among cls, mean-patch, patches and registers");
        };
    }

    private Map<String, ?> settings(ChosenModel published, List<String> names, List<Integer> chosen) {
        return Map.of(
                "model", published.origin(),
                "preprocessing", published.preprocessing().toString(),
                "what", kinds,
                "layers", chosen,
                "pictures", names);
    }

    /** The pictures for people, of the first few. */
    private final class Drawings {
        private final VisionTransformer model;
        private final RunDirectory directory;
        private final List<float[]> patches = new ArrayList<>();
        private final List<Picture> originals = new ArrayList<>();
        private final List<String> captions = new ArrayList<>();

        Drawings(VisionTransformer model, RunDirectory directory) {
            this.model = model;
            this.directory = directory;
        }

        void of(Tensor images, List<Path> files, List<Picture> shown) {
            int room = Math.min(MOST_DRAWN - originals.size(), files.size());
            if (room <= 0 || !(pca || attention)) {
                return;
            }
            int last = model.layers();
            List<TokenFeatures> states = TokenFeatures.afterLayers(model, images, List.of(last - 1), false);
            if (attention) {
                attention(AttentionMap.of(model, states.get(0).tokens(), last), shown, room);
            }
            float[] values = TokenFeatures.of(model, images).patches().toArray();
            int size = values.length / files.size();
            for (int i = 0; i < room; i++) {
                patches.add(Arrays.copyOfRange(values, i * size, (i + 1) * size));
                originals.add(shown.get(i).coloured());
                captions.add(ascii(files.get(i).getFileName().toString()));
            }
        }

        private void attention(AttentionMap map, List<Picture> shown, int room) {
            int cls = model.layout().from(TokenGroup.CLS);
            for (int image = 0; image < room; image++) {
                float[] weights = new float[map.heads() * map.tokens()];
                for (int head = 0; head < map.heads(); head++) {
                    double[] row = map.row(image, head, cls);
                    for (int n = 0; n < row.length; n++) {
                        weights[head * row.length + n] = (float) row[n];
                    }
                }
                AttentionPicture picture = AttentionPicture.of(
                        weights,
                        map.heads(),
                        model.config().gridHeight(),
                        model.config().gridWidth());
                Path file = directory.file("attention-" + (originals.size() + image + 1) + ".png");
                PngWriter.write(
                        file,
                        picture.sheet(
                                "class token, layer " + model.layers(),
                                shown.get(image).coloured(),
                                Filter.NEAREST));
                session.say("wrote %s", file);
            }
        }

        void finish() {
            if (!pca) {
                return;
            }
            int size = patches.get(0).length;
            float[] all = new float[patches.size() * size];
            for (int i = 0; i < patches.size(); i++) {
                System.arraycopy(patches.get(i), 0, all, i * size, size);
            }
            PcaPicture picture = PcaPicture.of(
                    all,
                    patches.size(),
                    model.config().gridHeight(),
                    model.config().gridWidth());
            Path file = directory.file("pca.png");
            PngWriter.write(
                    file, picture.sheet("leading components of the patches", originals, captions, Filter.NEAREST));
            session.say("wrote %s", file);
        }

        private String ascii(String text) {
            return text.replaceAll("[^ -~]", "_");
        }
    }
}
