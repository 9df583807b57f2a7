/** What is timed: computations of fixed size and fixed numbers, the same for JMH and for the comparison with peers. */
@NullMarked
package org.blockrecurrent.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
