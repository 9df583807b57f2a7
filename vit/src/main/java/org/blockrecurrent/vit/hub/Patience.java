package org.blockrecurrent.vit.hub;

import java.time.Duration;

/**
 * How long a server is waited for, and how often it is asked again.
 *
 * @param silence longest time without a byte
 * @param attempts how often in a row a request may fail without having brought anything
 * @param pause before the second attempt; each further one is twice as long
 */
record Patience(Duration silence, int attempts, Duration pause) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(60), 5, Duration.ofSeconds(1));
}
