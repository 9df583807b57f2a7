package org.blockrecurrent.cli;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendProvider;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;

/** Chooses the backend. This is the only place that does, and it always says what it chose and why. */
final class Devices {
    /** What {@code --device} takes. */
    static final List<String> NAMES = List.of("auto", "cpu", "cuda", "reference");

    private Devices() {}

    /** Opens the backend that the options name and says so in one line. */
    static Backend open(RunOptions run, Session session) {
        Backend backend = open(run);
        String why = run.device.equals("auto") ? " (auto: " + reasonOfAuto(backend) + ")" : "";
        session.say("device: " + backend.description() + why);
        return backend;
    }

    /** The provider of a device that is not part of the engine itself, such as {@code cuda}. */
    static Optional<BackendProvider> provider(String device) {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.device().equals(device))
                .findFirst();
    }

    private static Backend open(RunOptions run) {
        return switch (run.device) {
            case "cpu" -> cpu(run);
            case "reference" -> {
                refuseGemm(run, "--device reference has its own");
                yield new ReferenceBackend();
            }
            case "cuda" -> provider("cuda").orElseThrow(Devices::withoutCuda).open(run.backendOptions());
            case "auto" -> {
                Optional<BackendProvider> cuda = provider("cuda").filter(found -> found.unavailableBecause() == null);
                yield cuda.isPresent() ? cuda.get().open(run.backendOptions()) : cpu(run);
            }
            default ->
                throw new InvalidInputException(
                        "--device " + run.device + " is unknown; choose one of " + String.join(", ", NAMES));
        };
    }

    private static Backend cpu(RunOptions run) {
        refuseGemm(
                run,
                run.device.equals("cpu") ? "--device cpu has its own" : "this run is on the CPU: " + noCudaBecause());
        return VectorBackend.open(run.threads());
    }

    private static void refuseGemm(RunOptions run, String why) {
        if (!run.gemm.isEmpty()) {
            throw new InvalidInputException("--gemm " + run.gemm + " chooses the matrix products of a CUDA device, and "
                    + why + "; leave it out, or use --device cuda");
        }
    }

    private static String reasonOfAuto(Backend chosen) {
        return chosen.name().equals("cuda") ? "a CUDA device is there" : noCudaBecause();
    }

    private static String noCudaBecause() {
        return provider("cuda")
                .map(cuda -> withoutRemedy(cuda.unavailableBecause()))
                .orElse("this installation has no CUDA module");
    }

    /** Who asks for {@code auto} need not mend anything. */
    private static String withoutRemedy(String reason) {
        int colon = reason.indexOf(": ");
        return colon < 0 ? reason : reason.substring(0, colon);
    }

    private static InvalidInputException withoutCuda() {
        return new InvalidInputException(
                "--device cuda: this installation has no CUDA module (raptor-kernels is not on the class path); "
                        + "use --device cpu");
    }
}
