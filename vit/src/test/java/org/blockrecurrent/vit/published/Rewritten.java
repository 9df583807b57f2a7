package org.blockrecurrent.vit.published;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.blockrecurrent.vit.Fixtures;

/** A golden model's file with something changed. */
final class Rewritten {
    private record Tensor(Shape shape, float[] values) {}

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Rewritten() {}

    static Rewritten of(String golden) {
        Rewritten file = new Rewritten();
        try (TensorFile source = TensorFiles.open(Fixtures.resource("golden/models/" + golden))) {
            source.names().forEach(name -> file.with(name, source.shape(name), source.floats(name)));
        }
        return file;
    }

    Rewritten with(String name, Shape shape, float... values) {
        tensors.put(name, new Tensor(shape, values));
        return this;
    }

    Rewritten without(String name) {
        tensors.remove(name);
        return this;
    }

    float[] values(String name) {
        return tensors.get(name).values;
    }

    Shape shape(String name) {
        return tensors.get(name).shape;
    }

    Rewritten renamed(UnaryOperator<String> rule) {
        Map<String, Tensor> old = new LinkedHashMap<>(tensors);
        tensors.clear();
        old.forEach((name, tensor) -> tensors.put(rule.apply(name), tensor));
        return this;
    }

    /** Writes it into the folder, with a configuration beside it if that is not null. */
    Path write(Path folder, String config) {
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.forEach((name, tensor) -> writer.floats(name, tensor.shape, tensor.values));
        writer.write(folder.resolve("model.safetensors"));
        if (config != null) {
            AtomicFile.write(folder.resolve("config.json"), config);
        }
        return folder;
    }
}
