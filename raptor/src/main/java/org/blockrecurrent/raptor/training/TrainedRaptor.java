package org.blockrecurrent.raptor.training;

import org.blockrecurrent.raptor.Raptor;

/** A trained, frozen Raptor and what is known of it. */
public record TrainedRaptor(String name, Raptor raptor, RaptorCard card) {

    /** k. */
    public int k() {
        return raptor.k();
    }
}
