package org.blockrecurrent.vit;

/** The kinds of token, in the order in which they stand. */
public enum TokenGroup {
    CLS,
    /** The second class token of a distilled DeiT. */
    DISTILLATION,
    REGISTERS,
    PATCHES;

    /** As written in tables: {@code cls}, {@code registers}, {@code patches}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
