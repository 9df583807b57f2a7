package org.blockrecurrent.cli;

import java.util.function.Function;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Preprocessing;
import org.blockrecurrent.vit.training.Teacher;

/**
 * A teacher that was found and looked into, and is not on a device yet.
 *
 * @param name as the user gave it
 * @param config at the size of its images
 * @param preprocessing how pictures are brought to that size
 * @param loader puts it into the current scope of a backend
 */
record ChosenTeacher(String name, VitConfig config, Preprocessing preprocessing, Function<Backend, Teacher> loader) {

    Teacher load(Backend backend) {
        return loader.apply(backend);
    }
}
