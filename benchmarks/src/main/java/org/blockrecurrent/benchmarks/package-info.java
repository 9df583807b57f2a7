/**
 * How fast it is, with JMH. A benchmark verifies its result against the reference backend before it is timed; figures are
 * kept in {@code benchmarks/results} with the command that made them.
 */
@NullMarked
package org.blockrecurrent.benchmarks;

import org.jspecify.annotations.NullMarked;
