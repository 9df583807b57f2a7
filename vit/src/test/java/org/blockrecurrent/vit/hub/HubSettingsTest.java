package org.blockrecurrent.vit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubSettingsTest {
    private static final Path HOME = Path.of("/home/user");

    @Test
    void without_any_variable_the_caches_are_in_the_home() {
        HubSettings settings = HubSettings.of(Map.of(), HOME);
        assertThat(settings.huggingFaceCache()).isEqualTo(HOME.resolve(".cache/huggingface/hub"));
        assertThat(settings.torchCheckpoints()).isEqualTo(HOME.resolve(".cache/torch/hub/checkpoints"));
        assertThat(settings.endpoint()).hasToString("https://huggingface.co");
        assertThat(settings.token()).isNull();
        assertThat(settings.offline()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE, /x, /x",
        "HUGGINGFACE_HUB_CACHE, /x, /x",
        "HF_HOME, /x, /x/hub",
        "HF_HOME, ~/x, /home/user/x/hub",
        "XDG_CACHE_HOME, /x, /x/huggingface/hub"
    })
    void the_cache_of_hugging_face_is_where_its_variables_say(String variable, String value, String folder) {
        assertThat(HubSettings.of(Map.of(variable, value), HOME).huggingFaceCache())
                .isEqualTo(Path.of(folder));
    }

    @Test
    void the_more_special_variable_wins() {
        Map<String, String> all = Map.of("HF_HUB_CACHE", "/a", "HUGGINGFACE_HUB_CACHE", "/b", "HF_HOME", "/c");
        assertThat(HubSettings.of(all, HOME).huggingFaceCache()).isEqualTo(Path.of("/a"));
        Map<String, String> torch = Map.of("TORCH_HOME", "/t", "XDG_CACHE_HOME", "/x");
        assertThat(HubSettings.of(torch, HOME).torchCheckpoints()).isEqualTo(Path.of("/t/hub/checkpoints"));
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/x"), HOME).torchCheckpoints())
                .isEqualTo(Path.of("/x/torch/hub/checkpoints"));
    }

    @Test
    void endpoint_token_and_offline_are_taken_and_the_token_is_never_shown() {
        HubSettings settings = HubSettings.of(
                Map.of("HF_ENDPOINT", "https://mirror.example/", "HF_TOKEN", " hf_secret\n", "HF_HUB_OFFLINE", "true"),
                HOME);
        assertThat(settings.endpoint()).hasToString("https://mirror.example");
        assertThat(settings.token()).isEqualTo("hf_secret");
        assertThat(settings.offline()).isTrue();
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"ftp://x", "mirror.example", "https://", "a b"})
    void an_endpoint_that_is_no_address_is_refused(String endpoint) {
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint), HOME))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("HF_ENDPOINT is no address");
    }
}
