package org.blockrecurrent.tensor.backend;

/**
 * What a device may be asked for when it is opened.
 *
 * @param gemm whose matrix products to use, by the name that the provider gives them; empty for its own choice
 */
public record BackendOptions(String gemm) {
    /** Everything as the provider chooses. */
    public static final BackendOptions DEFAULTS = new BackendOptions("");
}
