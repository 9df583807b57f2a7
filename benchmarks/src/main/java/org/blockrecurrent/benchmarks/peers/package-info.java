/**
 * The comparison with what a user would run instead: every work on the product and on its peers in the same run, each in a
 * process of its own, interleaved in rounds, and timed only once their results agree.
 */
@NullMarked
package org.blockrecurrent.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
