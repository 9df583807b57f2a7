/**
 * Peers that call native libraries from Java. They stand in a module of their own, which only the profile {@code
 * native-peers} builds: no framework may get into the product, and their natives are large.
 */
@NullMarked
package org.blockrecurrent.benchmarks.nativepeers;

import org.jspecify.annotations.NullMarked;
