package org.blockrecurrent.vit;

/** The kinds of token. */
public enum TokenGroup {
    CLS,
    REGISTERS,
    PATCHES;

    /** As written in tables: {@code cls}, {@code registers}, {@code patches}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
