/**
 * The default backend: float arrays on the heap, vector instructions, a fixed team of threads.
 *
 * <p>Layers, from below: {@code Lanes} (primitives on ranges, in vectors or in plain loops), {@code Gemm} (register tiles over
 * {@code Strips} and {@code Panels}, one thread), {@code Team} and {@code Grid} (who computes what), and one class per kernel group. Work is cut
 * into chunks that do not influence each other's results, and every reduction has an order that follows from the shapes
 * alone; so the number of threads changes no bit.
 */
package org.blockrecurrent.tensor.backend.vector;
