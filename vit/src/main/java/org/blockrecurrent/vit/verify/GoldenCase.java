package org.blockrecurrent.vit.verify;

import java.util.List;
import org.blockrecurrent.tensor.Backend;

/** Values that an official library computed, and how to compute them again. */
public interface GoldenCase {
    /** Such as {@code hf_dinov2_reg4}. */
    String name();

    /** Computes every value again. What it allocates on the backend is gone afterwards. */
    List<Check> check(Backend backend);
}
