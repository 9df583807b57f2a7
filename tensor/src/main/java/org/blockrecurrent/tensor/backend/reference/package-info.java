/**
 * The oracle: plain loops in the order of the formulas, in double precision from end to end. It may be slow; it may not
 * be clever. No other backend counts as right until it agrees with this one.
 *
 * <p>Values are stored as doubles, so what comes out differs from exact arithmetic by double rounding alone; only what is
 * written from or read into floats is rounded. Fresh memory is filled with NaN: a kernel that forgets an element shows.
 */
package org.blockrecurrent.tensor.backend.reference;
