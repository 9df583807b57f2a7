package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.io.Json;
import org.junit.jupiter.api.Test;

class TokenLayoutTest {
    @Test
    void groups_stand_in_order_without_gaps() {
        TokenLayout layout = new TokenLayout(1, 1, 3, 5);
        int at = 0;
        for (TokenGroup group : layout.groups()) {
            assertThat(layout.from(group)).isEqualTo(at);
            at = layout.to(group);
        }
        assertThat(at).isEqualTo(layout.tokens()).isEqualTo(10);
        assertThat(layout.groups()).containsExactly(TokenGroup.values());
    }

    @Test
    void a_model_may_have_patches_only() {
        TokenLayout layout = new TokenLayout(0, 0, 0, 16);
        assertThat(layout.groups()).containsExactly(TokenGroup.PATCHES);
        assertThat(layout.firstPatch()).isZero();
        assertThat(layout.has(TokenGroup.CLS)).isFalse();
    }

    @Test
    void a_layout_from_before_there_were_other_kinds_has_one_cls_token() {
        assertThat(Json.parse("{\"registers\":4,\"patches\":9}", "old file", TokenLayout.class))
                .isEqualTo(new TokenLayout(4, 9))
                .isEqualTo(new TokenLayout(1, 0, 4, 9));
    }

    @Test
    void impossible_layouts_are_refused() {
        assertThatThrownBy(() -> new TokenLayout(2, 0, 0, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TokenLayout(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
