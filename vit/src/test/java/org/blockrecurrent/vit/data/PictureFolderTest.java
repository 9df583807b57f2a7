package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.image.InvalidPictureException;
import org.blockrecurrent.vit.image.PictureFixtures;
import org.blockrecurrent.vit.image.PngWriter;
import org.blockrecurrent.vit.image.Preprocessing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
    private static final FolderOptions OPTIONS = FolderOptions.standard().with(Preprocessing.dinov2(28));

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        for (int i = 0; i < 6; i++) {
            picture("cats/cat" + i + ".png", i);
            picture("dogs/deeper/dog" + i + ".PNG", 10 + i);
        }
    }

    private void picture(String name, long seed) {
        PngWriter.write(folder.resolve(name), PictureFixtures.waves(20, 30, 3, seed));
    }

    private PictureFiles all() {
        return PictureFolder.all(folder, OPTIONS);
    }

    private List<String> names(PictureFiles files) {
        return IntStream.range(0, files.count())
                .mapToObj(i -> folder.relativize(files.file(i)).toString())
                .toList();
    }

    private static boolean[] readable(PictureFiles files) {
        boolean[] readable = new boolean[files.count()];
        for (int i = 0; i < readable.length; i++) {
            readable[i] = files.read(i, null, new byte[files.levels()]);
        }
        return readable;
    }

    @Test
    void a_sub_folder_is_a_class_and_all_below_it_belongs_to_it() {
        PictureFiles files = all();
        assertThat(files.classNames()).containsExactly("cats", "dogs");
        assertThat(files.count()).isEqualTo(12);
        assertThat(names(files)).isSorted().startsWith("cats/cat0.png").endsWith("dogs/deeper/dog5.PNG");
        assertThat(IntStream.range(0, 12).map(files::label)).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1);
        assertThat(files.skipped()).isEmpty();
    }

    @Test
    void a_picture_is_given_as_preprocessed() {
        PictureFiles files = all();
        byte[] levels = new byte[files.levels()];
        assertThat(files.read(7, null, levels)).isTrue();
        byte[] expected = new byte[levels.length];
        Preprocessing.dinov2(28).apply(PictureFixtures.waves(20, 30, 3, 11)).writePlanes(expected);
        assertThat(levels).isEqualTo(expected);
        assertThat(files.normalization()).isEqualTo(Preprocessing.dinov2(28).normalization());
    }

    @Test
    void without_sub_folders_there_is_one_class() throws IOException {
        Path flat = Files.createDirectory(folder.resolve("flat"));
        PngWriter.write(flat.resolve("b.png"), PictureFixtures.waves(5, 5, 3, 1));
        PngWriter.write(flat.resolve("a.png"), PictureFixtures.waves(5, 5, 3, 2));
        Files.writeString(flat.resolve("notes.txt"), "no picture");
        Files.writeString(flat.resolve(".hidden.png"), "no picture");
        PictureFiles files = PictureFolder.all(flat, OPTIONS);
        assertThat(files.classNames()).containsExactly("unlabelled");
        assertThat(names(files)).containsExactly("flat/a.png", "flat/b.png");
    }

    @Test
    void a_picture_beside_class_folders_is_left_out_and_reported() {
        picture("stray.png", 1);
        PictureFiles files = all();
        assertThat(files.count()).isEqualTo(12);
        assertThat(files.skipped())
                .singleElement()
                .asString()
                .contains("stray.png")
                .contains("no class");
    }

    @Test
    void links_are_followed_but_not_in_circles_nor_to_nothing() throws IOException {
        try {
            Files.createSymbolicLink(folder.resolve("cats/loop"), folder);
            Files.createSymbolicLink(folder.resolve("cats/gone.png"), folder.resolve("nowhere.png"));
            Files.createSymbolicLink(folder.resolve("cats/twin.png"), folder.resolve("cats/cat1.png"));
        } catch (UnsupportedOperationException e) {
            assumeTrue(false, "SKIPPED: no symbolic links here");
        }
        PictureFiles files = all();
        assertThat(names(files)).contains("cats/twin.png").hasSize(13);
        assertThat(files.skipped())
                .hasSize(2)
                .anyMatch(line -> line.contains("gone.png: a link to nothing"))
                .anyMatch(line -> line.contains("loop: a link to a folder that it lies in"));
    }

    @Test
    void what_is_no_file_is_never_opened() throws IOException, InterruptedException {
        Path pipe = folder.resolve("cats/pipe.png");
        try {
            assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "SKIPPED: no mkfifo");
        } catch (IOException e) {
            assumeTrue(false, "SKIPPED: no mkfifo here");
        }
        assertThat(all().skipped()).singleElement().asString().contains("pipe.png: not a regular file");
    }

    @Test
    void a_broken_picture_is_left_out_and_reported_with_its_path() throws IOException {
        Files.writeString(folder.resolve("cats/cat2.png"), "this is text");
        Files.copy(PictureFixtures.file("webp_lossless.webp"), folder.resolve("dogs/new.webp"));
        PictureFiles files = all();
        boolean[] readable = readable(files);
        assertThat(readable).hasSize(13).contains(false);
        assertThat(readable[2]).isFalse();
        assertThat(readable[12]).isFalse();
        assertThat(files.skipped())
                .hasSize(2)
                .anyMatch(line -> line.contains("cat2.png: is not a picture"))
                .anyMatch(line -> line.contains("new.webp: unsupported format WebP"));
    }

    @Test
    void a_picture_that_vanishes_after_it_was_listed_is_left_out() throws IOException {
        PictureFiles files = all();
        Files.delete(folder.resolve("cats/cat0.png"));
        assertThat(readable(files)[0]).isFalse();
        assertThat(files.skipped()).singleElement().asString().contains("cat0.png: cannot be read");
    }

    @Test
    void strictness_makes_an_error_of_all_that() throws IOException {
        FolderOptions strict = new FolderOptions(OPTIONS.preprocessing(), 0.2, 0, true);
        PictureFiles files = PictureFolder.all(folder, strict);
        Files.writeString(folder.resolve("cats/cat2.png"), "this is text");
        assertThatThrownBy(() -> readable(files))
                .isInstanceOf(InvalidPictureException.class)
                .hasMessageContaining("cat2.png");
        picture("stray.png", 1);
        assertThatThrownBy(() -> PictureFolder.all(folder, strict))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stray.png");
    }

    private Set<String> testHalf(long seed, double share) {
        DataSet data =
                ImageSets.open("images:" + folder, new FolderOptions(OPTIONS.preprocessing(), share, seed, false));
        assertThat(data.train().count() + data.test().count()).isEqualTo(all().count());
        return new HashSet<>(names((PictureFiles) data.test()));
    }

    @Test
    void the_halves_depend_on_path_and_seed_and_not_on_what_else_there_is() {
        for (int i = 0; i < 200; i++) {
            picture("birds/bird" + i + ".png", i);
        }
        Set<String> before = testHalf(1, 0.3);
        assertThat(testHalf(1, 0.3)).isEqualTo(before);
        assertThat(testHalf(2, 0.3)).isNotEqualTo(before);
        picture("birds/another.png", 5);
        Set<String> after = testHalf(1, 0.3);
        after.remove("birds/another.png");
        assertThat(after).isEqualTo(before);
        assertThat(testHalf(1, 0.5)).containsAll(before);
        // 212 draws: five standard deviations about the expected number.
        double deviation = Math.sqrt(212 * 0.3 * 0.7);
        assertThat((double) before.size()).isBetween(212 * 0.3 - 5 * deviation, 212 * 0.3 + 5 * deviation);
    }

    @Test
    void folders_called_train_and_test_are_the_halves() {
        Path split = folder.resolve("split");
        for (String half : List.of("train", "val")) {
            for (int i = 0; i < 3; i++) {
                PngWriter.write(split.resolve(half + "/a/" + i + ".png"), PictureFixtures.waves(5, 5, 3, i));
                PngWriter.write(split.resolve(half + "/b/" + i + ".png"), PictureFixtures.waves(5, 5, 3, i));
            }
        }
        DataSet data = ImageSets.open("images:" + split, OPTIONS);
        assertThat(data.train().count()).isEqualTo(6);
        assertThat(data.test().count()).isEqualTo(6);
        assertThat(data.train().classNames()).containsExactly("a", "b");
        assertThat(data.name()).startsWith("images:" + split + " (dinov2: shorter side to 32, middle 28 x 28");
    }

    @Test
    void the_name_of_a_data_set_says_all_that_changes_its_pixels() {
        DataSet data = ImageSets.open("images:" + folder, new FolderOptions(OPTIONS.preprocessing(), 0.25, 9, false));
        assertThat(data.name())
                .contains("a share of 0.25 for testing, by seed 9")
                .contains("dinov2: shorter side to 32");
    }

    @Test
    void fewer_pictures_are_spread_over_the_classes() {
        PictureFiles some = all().first(4);
        assertThat(IntStream.range(0, 4).map(some::label)).containsExactly(0, 0, 1, 1);
        assertThat(names(some)).doesNotHaveDuplicates();
        assertThatThrownBy(() -> all().first(13))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("12 pictures");
    }

    @Test
    void a_folder_without_pictures_and_a_half_without_are_refused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> PictureFolder.all(empty, OPTIONS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(empty + " holds no pictures");
        PngWriter.write(empty.resolve("one.png"), PictureFixtures.waves(5, 5, 3, 1));
        assertThatThrownBy(() -> ImageSets.open("images:" + empty, OPTIONS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("holds no pictures")
                .hasMessageContaining("another share or seed");
        assertThatThrownBy(() -> ImageSets.open("images:" + folder.resolve("none"), OPTIONS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no picture folder");
        assertThatThrownBy(() -> new FolderOptions(OPTIONS.preprocessing(), 1, 0, false))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void classes_sort_as_their_paths_do() {
        picture("b-side/x.png", 1);
        picture("b/x.png", 2);
        PictureFiles files = all();
        TreeMap<String, Integer> labels = new TreeMap<>();
        for (int i = 0; i < files.count(); i++) {
            labels.put(names(files).get(i).replaceAll("/.*", ""), files.label(i));
        }
        assertThat(files.classNames()).containsExactly("b", "b-side", "cats", "dogs");
        labels.forEach(
                (name, label) -> assertThat(files.classNames().get(label)).isEqualTo(name));
    }
}
