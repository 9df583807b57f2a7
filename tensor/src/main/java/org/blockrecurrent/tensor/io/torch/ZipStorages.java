package org.blockrecurrent.tensor.io.torch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.pickle.Pickle;
import org.blockrecurrent.tensor.io.pickle.PickleInput;
import org.blockrecurrent.tensor.io.zip.ZipArchive;
import org.blockrecurrent.tensor.io.zip.ZipMember;

/**
 * The form of today: a zip archive whose members are all stored, under one root folder.
 *
 * <pre>
 *   NAME/data.pkl     what was saved, storages by their keys
 *   NAME/data/KEY     the bytes of a storage
 *   NAME/byteorder    little (since torch 2.1)
 *   NAME/version, NAME/.data/serialization_id, …    of no interest here
 * </pre>
 */
final class ZipStorages implements Storages {
    private static final String PICKLE = "/data.pkl";
    private static final long LONGEST_PICKLE = 64L << 20;

    private final Path path;
    private final PositionedFile file;
    private final ZipArchive archive;
    private final String root;

    /** Checks the form of the archive, which must be of that file. */
    ZipStorages(PositionedFile file, ZipArchive archive) {
        path = file.path();
        this.file = file;
        this.archive = archive;
        refuseOtherArchives();
        root = root();
        requireLittleEndian();
    }

    /** What was saved. */
    Object pickle() {
        ZipMember member = Objects.requireNonNull(archive.member(root + PICKLE), "root() found it");
        if (member.bytes() > LONGEST_PICKLE) {
            throw invalid("its data.pkl has " + member.bytes() + " bytes, more than 64 MiB: that is no state_dict");
        }
        archive.requireIntact(member);
        long begin = archive.dataAt(member);
        PickleInput in = new PickleInput(file, member.name(), begin, begin + member.bytes());
        Object pickle = Pickle.read(in, new TorchMeaning(path));
        if (in.remaining() > 0) {
            throw in.invalid(in.remaining() + " bytes follow the end of the pickle");
        }
        return pickle;
    }

    @Override
    public long position(StorageReference storage) {
        ZipMember member = member(storage);
        long elementBytes = storage.dtype().bytes();
        if (storage.elements() != member.bytes() / elementBytes) {
            throw invalid("storage " + FormatException.shown(storage.key()) + " should have " + storage.elements()
                    + " elements of " + storage.dtype() + ", but " + member.bytes() + " bytes are there");
        }
        return archive.dataAt(member);
    }

    @Override
    public void requireIntact(StorageReference storage) {
        archive.requireIntact(member(storage));
    }

    private ZipMember member(StorageReference storage) {
        ZipMember member = archive.member(root + "/data/" + storage.key());
        if (member == null) {
            throw invalid("storage " + FormatException.shown(storage.key()) + " is missing");
        }
        return member;
    }

    private void refuseOtherArchives() {
        for (ZipMember member : archive.members()) {
            if (member.name().endsWith("/constants.pkl")) {
                throw invalid(
                        "is a TorchScript archive, a program with its weights: save the state_dict of the model it"
                                + " was made from");
            }
        }
        for (ZipMember member : archive.members()) {
            if (!member.isStored()) {
                throw invalid("member " + FormatException.shown(member.name())
                        + " is compressed, which torch.save never does: the file has been repacked");
            }
        }
    }

    private String root() {
        List<String> pickles = archive.members().stream()
                .map(ZipMember::name)
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (pickles.size() != 1) {
            throw invalid(
                    pickles.isEmpty()
                            ? "is a zip archive without data.pkl: torch.save did not write it"
                            : "is ambiguous: it has " + pickles.size() + " members called data.pkl");
        }
        String folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
        for (ZipMember member : archive.members()) {
            if (!member.name().startsWith(folder + "/")) {
                throw invalid("member " + FormatException.shown(member.name()) + " lies outside of the root folder "
                        + FormatException.shown(folder));
            }
        }
        return folder;
    }

    private void requireLittleEndian() {
        ZipMember member = archive.member(root + "/byteorder");
        if (member == null) {
            return;
        }
        archive.requireIntact(member);
        ByteBuffer text = file.read(archive.dataAt(member), ByteBuffer.allocate((int) Math.min(8, member.bytes())));
        String order = StandardCharsets.ISO_8859_1.decode(text).toString();
        if (!order.equals("little")) {
            throw invalid(
                    "has byte order " + FormatException.shown(order) + "; only little-endian files are supported");
        }
    }

    private FormatException invalid(String problem) {
        return new FormatException(path, problem);
    }
}
