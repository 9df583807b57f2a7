package org.blockrecurrent.vit.published;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;

/**
 * A model in the form that a library gives it. Libraries store the same function in different tensors: timm adds the position of
 * the class token to the token where there are registers, leaves the mask token out, and gives CLIP's projection a bias of
 * zeros. What a library cannot express is refused in words.
 */
final class SchemeForm {
    private static final String CLS = "cls_token";
    private static final String POSITIONS = "pos_embed";
    private static final String MASK = "mask_token";
    private static final String HEAD_BIAS = "head.bias";

    private final String where;
    private final NamingScheme scheme;
    private final Family family;
    private VitConfig config;
    private final Map<String, ModelTensor> tensors;

    private SchemeForm(String where, NamingScheme scheme, VitConfig config, Map<String, ModelTensor> tensors) {
        this.where = where;
        this.scheme = scheme;
        this.config = config;
        this.tensors = tensors;
        family = Family.of(config);
    }

    static SchemeForm of(String where, NamingScheme scheme, VitConfig config, Map<String, ModelTensor> tensors) {
        SchemeForm form = new SchemeForm(where, scheme, config, new LinkedHashMap<>(tensors));
        switch (scheme) {
            case HUB -> form.hub();
            case HF -> form.huggingFace();
            case TIMM -> form.timm();
            case OPENAI -> form.openAi();
        }
        return form;
    }

    /** The configuration of the form. */
    VitConfig config() {
        return config;
    }

    /** The tensors of the form, by our names. */
    Map<String, ModelTensor> tensors() {
        return tensors;
    }

    private void hub() {
        require(family == Family.DINOV2, "they are those of DINOv2, and this is " + family.label());
        require(config.classes() == 0, "they have no head: keep it in a file of its own");
        require(isExactGelu(), "DINOv2 has the exact GELU, or SwiGLU");
        requireClsPositions();
        if (!config.form().maskToken()) {
            addMaskToken();
        }
    }

    private void huggingFace() {
        switch (family) {
            case DINOV2 -> {
                require(
                        config.classes() == 0 || config.pooling() == Pooling.CLS_AND_MEAN_PATCH,
                        "its head reads " + config.pooling() + ", Hugging Face's the class token and the mean patch");
                require(config.pooling() != Pooling.NORM_OF_MEAN_PATCH, "it norms after pooling");
                requireClsPositions();
                if (!config.form().maskToken()) {
                    addMaskToken();
                }
            }
            case VIT -> {
                boolean knownPooling = config.pooling() == Pooling.CLS
                        || config.pooling() == Pooling.CLS_AND_DISTILLATION
                        || (config.pooling() == Pooling.TANH_OF_CLS && config.classes() == 0);
                require(knownPooling, "it pools by " + config.pooling());
                require(config.registers() == 0, "it has registers");
                require(
                        config.form().positionedPrefix() == config.form().classTokens(),
                        "its class token has no position");
            }
            case CLIP -> dropHeadBias();
            case SIGLIP -> require(config.classes() == 0, "it has a classifier behind its attention pool");
        }
    }

    private void timm() {
        boolean distilled = config.form().distillationToken();
        require(config.pooling() != Pooling.TANH_OF_CLS, "it has a pooler");
        require(
                config.pooling() != Pooling.CLS_AND_MEAN_PATCH || config.classes() == 0,
                "its head reads the class token and the mean patch");
        require(
                !distilled || config.pooling() == Pooling.CLS_AND_DISTILLATION,
                "it has a distillation token that its head does not read");
        if (config.form().maskToken()) {
            tensors.remove(MASK);
            config = config.withForm(config.form().withMaskToken(false));
        }
        if (config.registers() > 0 && config.form().positionedPrefix() == 1) {
            foldClsPosition();
        }
        if (config.classes() > 0 && !config.form().headBias()) {
            tensors.put(HEAD_BIAS, ModelTensor.zeros(Shape.of(config.classes())));
            config = config.withForm(config.form().withHeadBias(true));
        }
    }

    private void openAi() {
        require(family == Family.CLIP, "they are those of CLIP, and this is " + family.label());
        require(config.classes() > 0, "CLIP has a projection, and this has none");
        dropHeadBias();
    }

    private boolean isExactGelu() {
        return config.mlp() == Mlp.Kind.GELU || config.mlp() == Mlp.Kind.SWIGLU;
    }

    private void addMaskToken() {
        tensors.put(MASK, ModelTensor.zeros(Shape.of(1, config.embedDim())));
        config = config.withForm(config.form().withMaskToken(true));
    }

    /** A class token whose position is part of it gets one of zeros: the sum is the same. */
    private void requireClsPositions() {
        require(
                config.form().classToken() && !config.form().distillationToken(),
                "it has other class tokens than DINOv2");
        if (config.form().positionedPrefix() == 1) {
            return;
        }
        require(config.form().positionedPrefix() == 0, "its registers have positions");
        int D = config.embedDim();
        ModelTensor patches = tensor(POSITIONS);
        int rows = patches.shape().dim(1);
        tensors.put(POSITIONS, new ModelTensor(Shape.of(1, 1 + rows, D), () -> {
            float[] all = new float[(1 + rows) * D];
            System.arraycopy(patches.values().get(), 0, all, D, rows * D);
            return all;
        }));
        config = config.withForm(config.form().withPositionedPrefix(1));
    }

    private void foldClsPosition() {
        int D = config.embedDim();
        ModelTensor cls = tensor(CLS);
        ModelTensor positions = tensor(POSITIONS);
        tensors.put(CLS, new ModelTensor(cls.shape(), () -> {
            float[] sum = cls.values().get().clone();
            float[] position = positions.values().get();
            for (int d = 0; d < D; d++) {
                sum[d] += position[d];
            }
            return sum;
        }));
        Shape patches = Shape.of(1, positions.shape().dim(1) - 1, D);
        tensors.put(
                POSITIONS,
                new ModelTensor(
                        patches, () -> Arrays.copyOfRange(positions.values().get(), D, D + patches.size())));
        config = config.withForm(config.form().withPositionedPrefix(0));
    }

    private void dropHeadBias() {
        if (config.classes() == 0 || !config.form().headBias()) {
            return;
        }
        for (float value : tensor(HEAD_BIAS).values().get()) {
            require(value == 0, "its projection has a bias that is not zero");
        }
        tensors.remove(HEAD_BIAS);
        config = config.withForm(config.form().withHeadBias(false));
    }

    private ModelTensor tensor(String name) {
        ModelTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("the model has no " + name);
        }
        return tensor;
    }

    private void require(boolean expressible, String reason) {
        if (!expressible) {
            throw new InvalidInputException(
                    where + ": cannot be written in the names of " + scheme.label() + ": " + reason);
        }
    }
}
