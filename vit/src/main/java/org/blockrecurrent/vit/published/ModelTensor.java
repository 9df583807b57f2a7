package org.blockrecurrent.vit.published;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;

/** A tensor whose values are made when they are asked for: a model of them takes the memory of one. */
record ModelTensor(Shape shape, Supplier<float[]> values) {

    /** All tensors of a model, in order. */
    static Map<String, ModelTensor> all(VitConfig config, Function<String, float[]> values) {
        Map<String, ModelTensor> tensors = new LinkedHashMap<>();
        VisionTransformer.shapes(config)
                .forEach((name, shape) -> tensors.put(name, new ModelTensor(shape, () -> values.apply(name))));
        return tensors;
    }

    static ModelTensor zeros(Shape shape) {
        return new ModelTensor(shape, () -> new float[shape.size()]);
    }
}
