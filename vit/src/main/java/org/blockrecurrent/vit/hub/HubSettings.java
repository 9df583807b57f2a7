package org.blockrecurrent.vit.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where the caches of Hugging Face and of torch.hub are, and how to reach the hub.
 *
 * @param huggingFaceCache the folder of {@code models--OWNER--NAME}
 * @param torchCheckpoints the folder into which torch.hub downloads
 * @param endpoint of the Hugging Face hub
 * @param token for repositories that need one
 * @param offline whether downloading is forbidden
 */
public record HubSettings(
        Path huggingFaceCache,
        Path torchCheckpoints,
        URI endpoint,
        @Nullable String token,
        boolean offline) {
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final String ENDPOINT = "https://huggingface.co";

    /** The settings of this process: its environment and its user's home. */
    public static HubSettings fromEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /**
     * As the Python libraries take them from the environment:
     *
     * <pre>
     *   HF_HUB_CACHE, else HUGGINGFACE_HUB_CACHE, else $HF_HOME/hub, else $XDG_CACHE_HOME/huggingface/hub, else ~/.cache/…
     *   $TORCH_HOME/hub/checkpoints, else $XDG_CACHE_HOME/torch/hub/checkpoints, else ~/.cache/…
     *   HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE
     * </pre>
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        Path caches = path(environment, "XDG_CACHE_HOME", home, home.resolve(".cache"));
        Path hfHome = path(environment, "HF_HOME", home, caches.resolve("huggingface"));
        Path oldCache = path(environment, "HUGGINGFACE_HUB_CACHE", home, hfHome.resolve("hub"));
        Path torchHome = path(environment, "TORCH_HOME", home, caches.resolve("torch"));
        String offline = environment.getOrDefault("HF_HUB_OFFLINE", "").toUpperCase(Locale.ROOT);
        String token = environment.getOrDefault("HF_TOKEN", "").strip();
        return new HubSettings(
                path(environment, "HF_HUB_CACHE", home, oldCache),
                torchHome.resolve("hub").resolve("checkpoints"),
                endpoint(environment.getOrDefault("HF_ENDPOINT", "")),
                token.isEmpty() ? null : token,
                YES.contains(offline));
    }

    /** The variable as a path, {@code ~} being the home; the fallback if it is not set. */
    private static Path path(Map<String, String> environment, String variable, Path home, Path fallback) {
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            return fallback;
        }
        return value.equals("~") || value.startsWith("~/")
                ? home.resolve(value.substring(1).replaceFirst("^/", ""))
                : Path.of(value);
    }

    private static URI endpoint(String value) {
        String text = value.isBlank() ? ENDPOINT : value.strip().replaceFirst("/+$", "");
        try {
            URI uri = URI.create(text);
            boolean known = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (known && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("HF_ENDPOINT is no address: " + e.getMessage(), e);
        }
        throw new InvalidInputException("HF_ENDPOINT is no address of a server: give one such as " + ENDPOINT);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubSettings[" + huggingFaceCache + ", " + torchCheckpoints + ", " + endpoint
                + (offline ? ", offline]" : "]");
    }
}
