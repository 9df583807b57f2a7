package org.blockrecurrent.tensor.io.torch;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FileKind;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.NearestNames;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.StoredValues;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.zip.ZipArchive;

/**
 * What {@code torch.save} wrote, in today's form (a zip archive) or in that before torch 1.6: a state_dict, a dict that holds
 * some ({@code {"model": {…}, "epoch": 3}}), or a whole module. No code of the file runs: its pickle is read as {@link
 * org.blockrecurrent.tensor.io.pickle.Pickle} says.
 *
 * <p>Tensors are called by their paths, keys joined by dots: {@code model.blocks.0.norm1.weight} in the example above, just
 * {@code blocks.0.norm1.weight} in a state_dict and in a module. Plain values that lie beside them are {@link #attributes}.
 *
 * <p>A storage is checked against the CRC of the archive before the first of its values is given; that reads it once more.
 *
 * <p>Source: torch 2.15, torch/serialization.py, torch/_utils.py and caffe2/serialize/inline_container.cc.
 */
public final class TorchFile implements TensorFile {
    private final PositionedFile file;
    private final Storages storages;
    private final Map<String, TensorView> tensors;
    private final Attributes attributes;

    private TorchFile(PositionedFile file, Storages storages, Contents contents) {
        this.file = file;
        this.storages = storages;
        tensors = contents.tensors();
        attributes = new Attributes(file.path(), contents.attributes());
        tensors.forEach(this::requireInside);
    }

    /** Opens the file and checks all but its values; throws a {@link FormatException} that says what is wrong with it. */
    public static TorchFile open(Path file) {
        return PositionedFile.open(file, TorchFile::read);
    }

    private static TorchFile read(PositionedFile file) throws IOException {
        FileKind kind = FileKind.of(file);
        return switch (kind) {
            case LEGACY_TORCH -> ofLegacy(file);
            case ZIP -> of(file, ZipArchive.read(file));
            default ->
                throw new FormatException(
                        file.path(),
                        kind.problem() == null ? "is no file of torch.save; it looks like " + kind : kind.problem());
        };
    }

    /** The form before torch 1.6. */
    public static TorchFile ofLegacy(PositionedFile file) {
        LegacyStorages storages = LegacyStorages.read(file);
        return new TorchFile(file, storages, Contents.of(file.path(), storages.pickle()));
    }

    /** Today's form. */
    public static TorchFile of(PositionedFile file, ZipArchive archive) {
        ZipStorages storages = new ZipStorages(file, archive);
        return new TorchFile(file, storages, Contents.of(file.path(), storages.pickle()));
    }

    private void requireInside(String name, TensorView view) {
        storages.position(view.storage());
        long bytes = view.storage().elements() * view.storage().dtype().bytes(); // fits: the storage is in the file
        String problem = view.problem(bytes / view.dtype().bytes());
        if (problem != null) {
            throw new FormatException(file.path(), "tensor " + FormatException.shown(name) + " " + problem);
        }
    }

    /** The plain values beside the tensors, such as the {@code thresholds} of the official Raptor. */
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public String where() {
        return file.path().toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Shape shape(String name) {
        return TensorFile.shape(file.path(), name, view(name).dims());
    }

    @Override
    public String dtype(String name) {
        return view(name).dtype().name();
    }

    @Override
    public float[] floats(String name) {
        return values(name).floats();
    }

    @Override
    public double[] doubles(String name) {
        return values(name).doubles();
    }

    @Override
    public long[] longs(String name) {
        return values(name).longs();
    }

    /** The {@link #attributes} of the root, as texts. */
    @Override
    public Map<String, String> metadata() {
        return attributes.topLevel();
    }

    @Override
    public void close() {
        file.close();
    }

    private StoredValues values(String name) {
        TensorView view = view(name);
        storages.requireIntact(view.storage());
        return StoredValues.in(
                file,
                "tensor " + FormatException.shown(name),
                view.dtype(),
                ByteOrder.LITTLE_ENDIAN,
                storages.position(view.storage()),
                view.layout());
    }

    private TensorView view(String name) {
        TensorView view = tensors.get(name);
        if (view == null) {
            throw new FormatException(
                    file.path(),
                    "has no tensor " + FormatException.shown(name) + NearestNames.hint(name, tensors.keySet()));
        }
        return view;
    }
}
