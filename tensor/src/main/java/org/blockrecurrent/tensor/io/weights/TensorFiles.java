package org.blockrecurrent.tensor.io.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.io.FileKind;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.ShardIndex;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.numpy.NpzFile;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.blockrecurrent.tensor.io.zip.ZipArchive;

/** Opens whatever holds named tensors. What a file is, its contents say, not its name. */
public final class TensorFiles {
    private static final String INDEX = ".index.json";
    private static final String SAFETENSORS = ".safetensors";

    private TensorFiles() {}

    /**
     * Opens
     *
     * <ul>
     *   <li>a safetensors file;
     *   <li>a file of torch.save ({@code .pth}, {@code .pt}, {@code .bin}), as {@link TorchFile} says;
     *   <li>a {@code .npz} file;
     *   <li>the index of several such files, {@code model.safetensors.index.json} or {@code pytorch_model.bin.index.json};
     *   <li>a folder that holds one of these, as {@link ModelFolder} says.
     * </ul>
     *
     * Throws a {@link FormatException} that says what is wrong with the file, or what it is instead.
     */
    public static TensorFile open(Path path) {
        if (Files.isDirectory(path)) {
            return open(ModelFolder.weights(path));
        }
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(INDEX)) {
            return openIndex(path, name.substring(0, name.length() - INDEX.length()));
        }
        return openFile(path);
    }

    /** Index of files that end as the name before {@code .index.json} does: {@code pytorch_model.bin}. */
    private static TensorFile openIndex(Path index, String name) {
        int dot = name.lastIndexOf('.');
        String suffix = dot < 0 ? SAFETENSORS : name.substring(dot);
        return ShardIndex.open(index, suffix, TensorFiles::openFile);
    }

    private static TensorFile openFile(Path path) {
        return PositionedFile.open(path, TensorFiles::of);
    }

    /** The same for one file that is open and holds tensors itself. */
    public static TensorFile of(PositionedFile file) throws IOException {
        FileKind kind = FileKind.of(file);
        return switch (kind) {
            case SAFETENSORS -> SafetensorsFile.of(file);
            case LEGACY_TORCH -> TorchFile.ofLegacy(file);
            case ZIP -> ofArchive(file);
            default -> ofName(file, kind);
        };
    }

    private static TensorFile ofArchive(PositionedFile file) throws IOException {
        ZipArchive archive = ZipArchive.read(file);
        return NpzFile.isOne(archive) ? NpzFile.of(file, archive) : TorchFile.of(file, archive);
    }

    /** Contents that are none of the kinds. If the name says safetensors, their reader says best what is wrong. */
    private static TensorFile ofName(PositionedFile file, FileKind kind) throws IOException {
        if (kind == FileKind.UNKNOWN && file.path().toString().endsWith(SAFETENSORS)) {
            return SafetensorsFile.of(file);
        }
        String problem = kind == FileKind.NPY
                ? "is a single array without a name: save arrays by numpy.savez"
                : kind == FileKind.JSON
                        ? "is JSON; the index of several files of weights would be called *.index.json"
                        : kind.problem();
        throw new FormatException(file.path(), problem);
    }
}
