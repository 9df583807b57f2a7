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

    /** Opens a backend by the name of its device and says so in one line. */
    static Backend open(String device, int threads, Session session) {
        Backend backend = open(device, threads);
        String why = device.equals("auto") ? " (auto: " + reasonOfAuto(backend) + ")" : "";
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

    private static Backend open(String device, int threads) {
        return switch (device) {
            case "cpu" -> VectorBackend.open(threads);
            case "reference" -> new ReferenceBackend();
            case "cuda" -> provider("cuda").orElseThrow(Devices::withoutCuda).open();
            case "auto" -> {
                Optional<BackendProvider> cuda = provider("cuda").filter(found -> found.unavailableBecause() == null);
                yield cuda.isPresent() ? cuda.get().open() : VectorBackend.open(threads);
            }
            default ->
                throw new InvalidInputException(
                        "--device " + device + " is unknown; choose one of " + String.join(", ", NAMES));
        };
    }

    private static String reasonOfAuto(Backend chosen) {
        return provider("cuda")
                .map(cuda -> chosen.name().equals("cuda")
                        ? "a CUDA device is there"
                        : withoutRemedy(cuda.unavailableBecause()))
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
