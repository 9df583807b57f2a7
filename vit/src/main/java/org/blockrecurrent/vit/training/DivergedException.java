package org.blockrecurrent.vit.training;

import java.nio.file.Path;
import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Loss or gradient were not finite for many steps in a row: the training cannot recover. */
public final class DivergedException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    DivergedException(String what, int step, int skipped, @Nullable Path checkpoint) {
        super(what + " diverged: the gradient was not finite in " + skipped + " steps in a row up to step " + step
                + "; "
                + (checkpoint == null ? "no checkpoint had been saved" : "the last checkpoint is " + checkpoint)
                + "; try a lower learning rate or a longer warm-up");
    }
}
