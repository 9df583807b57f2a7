package org.blockrecurrent.vit.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.LoadedValues;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Preprocessing;
import org.jspecify.annotations.Nullable;

/**
 * A file of published weights, open: what model it is, in whose names, and its values under ours.
 *
 * <pre>{@code
 * try (PublishedWeights weights = PublishedWeights.open(folder)) {
 *   VisionTransformer model = weights.load(backend).at(224, 224);
 * }
 * }</pre>
 *
 * <p>Opening reads names and shapes and checks all of them: whatever is missing, left over or misshapen is listed at once,
 * before any memory is taken for it. Loading reads one tensor after another.
 */
public final class PublishedWeights implements AutoCloseable {
    private final TensorFile file;
    private final NamingScheme scheme;
    private final CanonicalTensors tensors;
    private final VitConfig config;
    private final List<String> setAside;
    private final @Nullable Fields about;
    private final @Nullable Path folder;

    private PublishedWeights(
            TensorFile file,
            NamingScheme scheme,
            CanonicalTensors tensors,
            VitConfig config,
            List<String> setAside,
            @Nullable Fields about,
            @Nullable Path folder) {
        this.file = file;
        this.scheme = scheme;
        this.tensors = tensors;
        this.config = config;
        this.setAside = setAside;
        this.about = about;
        this.folder = folder;
    }

    /** Opens a file, or the weights in a folder, with the configuration beside them. */
    public static PublishedWeights open(Path path) {
        return open(path, LoadOptions.NONE);
    }

    /** As {@link #open(Path)}, with what the user says about it. */
    public static PublishedWeights open(Path path, LoadOptions options) {
        TensorFile file = TensorFiles.open(path);
        try {
            return read(file, configOf(path, options), options, path);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static @Nullable ConfigFile configOf(Path path, LoadOptions options) {
        if (options.config() != null) {
            return ConfigFile.read(options.config());
        }
        Path folder = folderOf(path);
        return options.model() != null || folder == null ? null : ConfigFile.in(folder);
    }

    private static @Nullable Path folderOf(Path path) {
        return Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    }

    private static PublishedWeights read(
            TensorFile file, @Nullable ConfigFile configFile, LoadOptions options, Path path) {
        TowerNames tower = TowerNames.of(file);
        NamingScheme scheme = scheme(file, tower, configFile, options);
        Family family = tower.family(scheme);
        if (tower.has("classifier.weight") || tower.has("cls_classifier.weight")) {
            tower.setAside("pooler."); // left from pretraining; the classifier reads the class token itself
        }
        boolean gated = scheme == NamingScheme.TIMM && hasGatedShapes(file, tower);
        NameTable table = NameTables.of(scheme, family, gated, tower.has("cls_classifier.weight"));
        CanonicalTensors tensors = CanonicalTensors.of(file, tower, table);
        VitConfig config = config(file, Facts.of(tensors), scheme, family, configFile, options, path);
        new LoadedValues(tensors).requireShapes(VisionTransformer.shapes(config));
        Fields about = configFile == null ? null : configFile.fields();
        return new PublishedWeights(file, scheme, tensors, config, tower.setAside(), about, folderOf(path));
    }

    private static NamingScheme scheme(
            TensorFile file, TowerNames tower, @Nullable ConfigFile configFile, LoadOptions options) {
        NamingScheme byNames = tower.scheme(file.where());
        NamingScheme declared =
                options.scheme() != null ? options.scheme() : configFile == null ? null : configFile.scheme();
        boolean sameStyle = isHubOrTimm(byNames) && declared != null && isHubOrTimm(declared);
        if (declared != null && declared != byNames && !sameStyle) {
            throw new FormatException(
                    file.where(),
                    "its tensors have the names of " + byNames.label() + ", not of " + declared.label() + " as "
                            + (options.scheme() != null ? "was asked for" : configFile + " says"));
        }
        return declared == null ? byNames : declared;
    }

    /** torch.hub and timm use the same names for most tensors. */
    private static boolean isHubOrTimm(NamingScheme scheme) {
        return scheme == NamingScheme.HUB || scheme == NamingScheme.TIMM;
    }

    /** SwiGLU and a plain MLP have the same names in timm; the first layer of SwiGLU is twice as wide as the second is deep. */
    private static boolean hasGatedShapes(TensorFile file, TowerNames tower) {
        if (!tower.has("blocks.0.mlp.fc1.weight") || !tower.has("blocks.0.mlp.fc2.weight")) {
            return false;
        }
        Shape first = file.shape(tower.inFile("blocks.0.mlp.fc1.weight"));
        Shape second = file.shape(tower.inFile("blocks.0.mlp.fc2.weight"));
        return first.rank() == 2 && second.rank() == 2 && first.dim(0) == 2 * second.dim(1);
    }

    private static VitConfig config(
            TensorFile file,
            Facts found,
            NamingScheme scheme,
            Family family,
            @Nullable ConfigFile configFile,
            LoadOptions options,
            Path path) {
        ConfigDraft draft = ConfigDraft.of(file.where(), found, scheme, family);
        String source = file.where();
        TimmName name = name(scheme, options, path);
        if (configFile != null) {
            configFile.apply(draft);
            source = configFile.toString();
        } else if (name != null) {
            TimmConfig.apply(name, draft);
            source = "timm's " + name;
        }
        VitConfig config = draft.finished(source);
        return options.positions() == null
                ? config
                : config.withForm(config.form().withPositions(options.positions()));
    }

    /** What the user calls the model, or else the file or its folder, where that is a name of timm's. */
    private static @Nullable TimmName name(NamingScheme scheme, LoadOptions options, Path path) {
        if (options.model() != null) {
            TimmName named = TimmName.of(options.model());
            if (named == null) {
                throw new InvalidInputException("'" + options.model()
                        + "' is none of timm's plain, DINOv2, DeiT, CLIP and SigLIP Vision Transformers");
            }
            return named;
        }
        if (scheme != NamingScheme.TIMM) {
            return null;
        }
        Path absolute = path.toAbsolutePath().normalize();
        TimmName byFile = TimmName.of(String.valueOf(absolute.getFileName()));
        Path folder = absolute.getParent();
        return byFile != null || folder == null ? byFile : TimmName.of(String.valueOf(folder.getFileName()));
    }

    /** The configuration at the size of the position table. */
    public VitConfig config() {
        return config;
    }

    public NamingScheme scheme() {
        return scheme;
    }

    public Family family() {
        return Family.of(config);
    }

    /**
     * How pictures become this model's input of that side: as a file beside the weights says, or as is usual for its family and
     * library.
     */
    public Preprocessing preprocessing(int side) {
        return InputChoice.of(scheme, config, about, folder, side);
    }

    /** What the classes of its head are called, in order, as config.json says ({@code id2label}); empty if it does not. */
    public List<String> classNames() {
        Fields labels = about == null ? null : about.object("id2label");
        List<String> names = new ArrayList<>();
        for (int label = 0; labels != null && labels.has(Integer.toString(label)); label++) {
            names.add(Objects.requireNonNull(labels.text(Integer.toString(label))));
        }
        return names.size() == config.classes() ? names : List.of();
    }

    /** Tensors that are known to be no part of the image model: a text tower, heads and states of its training. */
    public List<String> setAside() {
        return setAside;
    }

    /** How messages call it: the path. */
    public String where() {
        return file.where();
    }

    /**
     * The model, frozen, in the backend's current scope.
     *
     * @throws FormatException if values are not finite; it lists all tensors that hold such
     */
    public VisionTransformer load(Backend backend) {
        LoadedValues values = new LoadedValues(tensors);
        ParameterSource source = ParameterSource.of(backend, values.at("")).frozen();
        VisionTransformer model = new VisionTransformer(config, source);
        values.requireExactly("");
        return model;
    }

    /** The tensors under our names, in order; their values are read when they are asked for. */
    Map<String, ModelTensor> tensors() {
        return ModelTensor.all(config, tensors::floats);
    }

    @Override
    public void close() {
        file.close();
    }
}
