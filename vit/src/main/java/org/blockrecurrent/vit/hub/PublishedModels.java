package org.blockrecurrent.vit.hub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The published models that are known by name; the table is the resource {@code published-models.tsv}. */
public final class PublishedModels {
    private static final int COLUMNS = 7;

    private final List<PublishedModel> models;

    PublishedModels(List<PublishedModel> models) {
        this.models = List.copyOf(models);
    }

    /** Reads the table. */
    public static PublishedModels load() {
        InputStream table = PublishedModels.class.getResourceAsStream("published-models.tsv");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(table, "the table of models"), StandardCharsets.UTF_8))) {
            List<PublishedModel> models = new ArrayList<>();
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1) // the names of the columns
                    .forEach(line -> models.add(model(line.split("\t"))));
            return new PublishedModels(models);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PublishedModel model(String[] cells) {
        if (cells.length != COLUMNS) {
            throw new IllegalStateException("a model of the table has " + cells.length + " columns: " + cells[0]);
        }
        return new PublishedModel(
                cells[0],
                address(cells[1]),
                address(cells[2]),
                address(cells[3]),
                text(cells[4]),
                text(cells[5]),
                text(cells[6]));
    }

    private static @Nullable URI address(String cell) {
        return cell.equals("-") ? null : URI.create(cell);
    }

    private static @Nullable String text(String cell) {
        return cell.equals("-") ? null : cell;
    }

    public List<PublishedModel> all() {
        return models;
    }

    /** All names, in the order of the table. */
    public List<String> names() {
        return models.stream().map(PublishedModel::name).toList();
    }

    /**
     * The model of that name, or of which that is a repository or, without {@code timm/}, timm's name: {@code
     * dinov2_vitb14_reg}, {@code facebook/dinov2-base}, {@code vit_base_patch14_reg4_dinov2.lvd142m}.
     */
    public Optional<PublishedModel> find(String name) {
        return models.stream()
                .filter(model -> model.name().equals(name)
                        || Stream.concat(model.repositories().stream(), Stream.ofNullable(model.classifier()))
                                .anyMatch(id -> id.equals(name))
                        || ("timm/" + name).equals(model.timm()))
                .findFirst();
    }

    /** Where to look for a name: everywhere for a model's own name, in one repository for the name of that. */
    List<ModelSource> sources(String name) {
        if (ModelSource.Repository.isId(name)) {
            return List.of(new ModelSource.Repository(name));
        }
        Optional<PublishedModel> model = find(name);
        if (model.isEmpty()) {
            return List.of();
        }
        boolean ownName = model.get().name().equals(name);
        return ownName ? model.get().sources() : List.of(new ModelSource.Repository("timm/" + name));
    }
}
