package org.blockrecurrent.cli;

import org.blockrecurrent.tensor.nn.Retention;
import picocli.CommandLine.Option;

/** What the commands that train may do where memory is short. No setting of a run: it changes no bit of the result. */
final class MemoryOption {
    @Option(
            names = "--recompute",
            description =
                    "Keep only what goes into each block, and compute the block again for its gradient: less memory, "
                            + "more time, the same bits. A run may be continued with or without it; 'doctor' says what it saves.")
    private boolean recompute;

    Retention retention() {
        return recompute ? Retention.INPUTS : Retention.EVERYTHING;
    }
}
