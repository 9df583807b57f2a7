package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.blockrecurrent.raptor.store.ActivationStore;
import org.blockrecurrent.vit.data.DataSet;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which trajectories: those of images, which the teacher computes, or those of a store. */
final class TrajectoryOptions {
    private static final String ACTIVATIONS = "--activations";

    @Mixin
    DataOption data;

    @Option(
            names = ACTIVATIONS,
            paramLabel = "STORE",
            description =
                    "In the place of --data: an activation store, as 'activations' or the published code writes it. The "
                            + "teacher's states are read instead of computed. Default: computed on the fly.")
    private Path store;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Opens as many images as {@code size} lets through, at the size that the teacher takes, or the store; throws an exception
     * that says what is wrong with them.
     */
    Trajectories open(ChosenTeacher teacher, UnaryOperator<DataSet> size) {
        if (store == null) {
            DataSet images = data.open(teacher);
            return new Trajectories(images.name(), size.apply(images), null);
        }
        if (command.commandLine().getParseResult().hasMatchedOption("--data")) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--data and " + ACTIVATIONS + " are mutually exclusive: give one of them");
        }
        return new Trajectories(store.toString(), null, ActivationStore.open(store));
    }
}
